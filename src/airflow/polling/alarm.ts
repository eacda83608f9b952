import type { Clock } from '../../domain/clock.ts';

/** A sleep that others can shorten. Times are milliseconds since 1970. */
export interface Alarm {
  /** Resolves at the time, or the earlier one that somebody hurried to, or when the signal aborts. */
  sleepUntil(time: number, signal: AbortSignal): Promise<void>;
  /** Brings forward the end of the sleep under way, or else of the next one. */
  hurry(time: number): void;
}

export function createAlarm(clock: Clock): Alarm {
  let hurried = Infinity;
  let rearm: (() => void) | undefined;

  async function sleepUntil(time: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined;

      function finish(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        resolve();
      }

      function arm(): void {
        clearTimeout(timer);
        timer = setTimeout(finish, Math.max(0, Math.min(time, hurried) - clock()));
      }

      if (signal.aborted) {
        resolve();
        return;
      }
      signal.addEventListener('abort', finish, { once: true });
      rearm = arm;
      arm();
    });
    rearm = undefined;
    hurried = Infinity;
  }

  return {
    sleepUntil,
    hurry(time) {
      hurried = Math.min(hurried, time);
      rearm?.();
    },
  };
}
