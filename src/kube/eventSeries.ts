import { createHash } from 'node:crypto';
import { microTime } from './microTime.ts';

const LONGEST_NOTE = 1_024;
const LONGEST_NAME = 220;

/** The object that an event is about. */
export interface EventRegarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface EventToRecord {
  readonly regarding: EventRegarding;
  readonly type: 'Normal' | 'Warning';
  /** Why, in one PascalCase word, as `DriftCorrected`. */
  readonly reason: string;
  /** What was done or tried, in one PascalCase word, as `Deploy`. */
  readonly action: string;
  /** A sentence for people, without secrets; cut at 1 kB. */
  readonly note: string;
}

/** An event and its repetitions. */
export interface EventSeries {
  readonly event: EventToRecord;
  readonly name: string;
  readonly firstSeen: number;
  lastSeen: number;
  count: number;
  /** True once the API server has it. */
  created: boolean;
  attempts: number;
}

export function newEventSeries(event: EventToRecord, now: number): EventSeries {
  const hash = createHash('sha256')
    .update(`${seriesKey(event)} ${now}`)
    .digest('hex')
    .slice(0, 16);
  const name = `${event.regarding.name.slice(0, LONGEST_NAME)}.${hash}`;
  return { event, name, firstSeen: now, lastSeen: now, count: 1, created: false, attempts: 0 };
}

/** Events with the same key are repetitions of each other. */
export function seriesKey({ regarding, type, reason, action, note }: EventToRecord): string {
  return JSON.stringify([regarding.uid, type, reason, action, note]);
}

/** The events.k8s.io/v1 object. */
export function eventObject(
  series: EventSeries,
  reporting: { reportingController: string; reportingInstance: string },
): object {
  const { regarding, type, reason, action, note } = series.event;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: series.name, namespace: regarding.namespace },
    eventTime: microTime(series.firstSeen),
    ...reporting,
    regarding,
    type,
    reason,
    action,
    note: shortened(note),
    ...(series.count > 1 && repetition(series)),
  };
}

/** The part that changes with each repetition. */
export function repetition({ count, lastSeen }: EventSeries): object {
  return { series: { count, lastObservedTime: microTime(lastSeen) } };
}

function shortened(note: string): string {
  if (Buffer.byteLength(note) <= LONGEST_NOTE) {
    return note;
  }
  const ellipsis = '…';
  const bytes = Buffer.from(note).subarray(0, LONGEST_NOTE - Buffer.byteLength(ellipsis));
  // A character cut in half decodes to a replacement character, which may be longer than what is left of it.
  return new TextDecoder().decode(bytes, { stream: true }) + ellipsis;
}
