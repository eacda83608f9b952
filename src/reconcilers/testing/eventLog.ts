import type { EventRecorder } from '../../kube/events.ts';

/** Keeps the events, as `Warning orders Failed: …`. */
export interface EventLog {
  readonly recorder: EventRecorder;
  readonly lines: string[];
  /** The events of a reason. */
  of(reason: string): string[];
}

export function createEventLog(): EventLog {
  const lines: string[] = [];
  const reasons: string[] = [];
  return {
    lines,
    of: (reason) => lines.filter((_, index) => reasons[index] === reason),
    recorder: {
      record({ type, regarding, reason, note }) {
        lines.push(`${type} ${regarding.name} ${reason}: ${note}`);
        reasons.push(reason);
      },
      flush: async () => {},
    },
  };
}
