import type { Clock } from '../../domain/clock.ts';

/** Where every simulated world begins. */
export const START = Date.parse('2026-11-23T06:00:00Z');
const MOST_ENTRIES = 20_000;

/** Simulated time: it moves only when told to, and then everything that falls due happens in order. */
export interface Clockwork {
  readonly clock: Clock;
  /** Calls back after the delay in milliseconds; the answer cancels it. */
  schedule(callback: () => void | Promise<void>, delay: number): () => void;
  advance(milliseconds: number): Promise<void>;
  /** Time goes by while something else is being done: what falls due meanwhile happens late. */
  jump(milliseconds: number): void;
}

interface Entry {
  readonly at: number;
  readonly callback: () => void | Promise<void>;
}

export function createClockwork(): Clockwork {
  const agenda = new Set<Entry>();
  let now = START;

  function schedule(callback: () => void | Promise<void>, delay: number): () => void {
    const entry = { at: now + delay, callback };
    agenda.add(entry);
    return () => agenda.delete(entry);
  }

  function nextBefore(limit: number): Entry | undefined {
    let next: Entry | undefined;
    for (const entry of agenda) {
      next = entry.at <= limit && (next === undefined || entry.at < next.at) ? entry : next;
    }
    return next;
  }

  async function advance(milliseconds: number): Promise<void> {
    const end = now + milliseconds;
    let count = 0;
    for (let entry = nextBefore(end); entry !== undefined; entry = nextBefore(end)) {
      agenda.delete(entry);
      now = Math.max(now, entry.at);
      await entry.callback();
      count += 1;
      if (count > MOST_ENTRIES) {
        throw new Error('the simulated world does not come to rest');
      }
    }
    now = Math.max(now, end);
  }

  return {
    clock: () => now,
    schedule,
    advance,
    jump(milliseconds) {
      now += milliseconds;
    },
  };
}
