import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import {
  eventObject,
  type EventSeries,
  type EventToRecord,
  newEventSeries,
  repetition,
  seriesKey,
} from './eventSeries.ts';
import { isKubeError, toKubeError } from './kubeError.ts';
import type { PooledKubeConfig } from './kubeConfig.ts';
import { ContentType, send } from './request.ts';

const DEADLINE = 5_000;
const MOST_SERIES = 5_000;
const MOST_ATTEMPTS = 5;
/** A series ends when nothing has been added for so long (ms), as in client-go. */
const SERIES_GAP = 360_000;

export interface EventRecorder {
  /** Hands the event over and returns at once. Never throws. */
  record(event: EventToRecord): void;
  /** Resolves when everything recorded so far has been sent or given up. Never rejects. */
  flush(): Promise<void>;
}

export interface EventRecorderOptions {
  readonly kubeConfig: PooledKubeConfig;
  /** As `ingestion.open-metadata.org/operator`. */
  readonly reportingController: string;
  /** The pod. */
  readonly reportingInstance: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds for which repetitions are collected before they are sent; default 10 s. */
  readonly collectFor?: number;
}

/**
 * Sends events one after the other. The first of its kind goes out at once, equal ones become a count on it, sent
 * from time to time. Events are a help for people: under pressure and after repeated failures they are dropped.
 */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { kubeConfig, reportingController, reportingInstance, clock, log, collectFor = 10_000 } = options;
  const allSeries = new Map<string, EventSeries>();
  const now = new Set<EventSeries>();
  const later = new Set<EventSeries>();
  let sending: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function note(event: EventToRecord): void {
    const key = seriesKey(event);
    const moment = clock();
    const old = allSeries.get(key);
    allSeries.delete(key);
    if (old && moment - old.lastSeen < SERIES_GAP) {
      old.count += 1;
      old.lastSeen = moment;
      allSeries.set(key, old);
      sendLater(old);
    } else {
      const series = newEventSeries(event, moment);
      allSeries.set(key, series);
      forgetOldest();
      sendNow(series);
    }
  }

  function forgetOldest(): void {
    const [oldest] = allSeries;
    if (oldest && allSeries.size > MOST_SERIES) {
      allSeries.delete(oldest[0]);
      now.delete(oldest[1]);
      later.delete(oldest[1]);
    }
  }

  function sendNow(series: EventSeries): void {
    now.add(series);
    sending ??= sendAll();
  }

  function sendLater(series: EventSeries): void {
    if (now.has(series)) {
      return;
    }
    later.add(series);
    timer ??= setTimeout(sendCollected, collectFor).unref();
  }

  function sendCollected(): void {
    clearTimeout(timer);
    timer = undefined;
    const collected = [...later];
    later.clear();
    collected.forEach(sendNow);
  }

  async function sendAll(): Promise<void> {
    for (let [series] = now; series !== undefined; [series] = now) {
      now.delete(series);
      await sendOne(series);
    }
    sending = undefined;
  }

  async function sendOne(series: EventSeries): Promise<void> {
    try {
      await (series.created ? patch(series) : create(series));
      series.created = true;
      series.attempts = 0;
    } catch (error) {
      const { kind, message } = toKubeError(error);
      series.created &&= kind !== 'notFound';
      series.attempts += 1;
      const again =
        kind === 'notFound' || kind === 'unavailable' || kind === 'timeout' || kind === 'throttled';
      log.debug({ reason: message, event: series.event.reason, again }, 'could not send an event');
      if (again && series.attempts < MOST_ATTEMPTS) {
        sendLater(series);
      }
    }
  }

  async function create(series: EventSeries): Promise<void> {
    const body = eventObject(series, { reportingController, reportingInstance });
    try {
      await send(kubeConfig, { method: 'POST', path: pathOf(series), body, deadline: DEADLINE });
    } catch (error) {
      // The name is unique to the series: an earlier attempt did arrive.
      if (!isKubeError(error, 'alreadyExists')) {
        throw error;
      }
    }
  }

  async function patch(series: EventSeries): Promise<void> {
    await send(kubeConfig, {
      method: 'PATCH',
      path: `${pathOf(series)}/${series.name}`,
      contentType: ContentType.mergePatch,
      body: repetition(series),
      deadline: DEADLINE,
    });
  }

  return {
    record(event) {
      try {
        note(event);
      } catch (error) {
        log.debug({ reason: toKubeError(error).reason }, 'could not record an event');
      }
    },

    async flush() {
      sendCollected();
      await sending;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

function pathOf({ event }: EventSeries): string {
  return `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(event.regarding.namespace)}/events`;
}
