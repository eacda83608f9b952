import type { Clock } from '../../domain/clock.ts';
import type { Logger } from '../../domain/logger.ts';
import { AirflowError } from '../airflowError.ts';
import type { Alarm } from './alarm.ts';
import type { Pace } from './pace.ts';
import { asAirflowError, type LookLog, type Subject } from './pollerState.ts';

export interface LoopOptions {
  readonly subject: Subject;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly looks: LookLog;
  readonly log: Logger;
  readonly onRecovered: () => void;
  /** One look, begun at this time; gives the milliseconds until the next. */
  readonly look: (at: number, signal: AbortSignal) => Promise<number>;
}

/** Looks again and again until the signal aborts. A failed look is noted, and repeated later and later. */
export async function loop(options: LoopOptions, signal: AbortSignal): Promise<void> {
  const { subject, alarm, clock, pace, looks, log } = options;
  let failures = 0;
  while (!signal.aborted) {
    const at = clock();
    let wait: number;
    try {
      wait = await options.look(at, signal);
      failures = 0;
      if (looks.succeeded(subject, at)) {
        options.onRecovered();
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      failures += 1;
      const failure = asAirflowError(error);
      looks.failed(subject, at, failure);
      noteFailure(log, subject, error, failures);
      wait = Math.max(pace.afterFailures(failures), failure.retryAfter ?? 0);
    }
    await alarm.sleepUntil(clock() + wait, signal);
  }
}

function noteFailure(log: Logger, subject: Subject, error: unknown, failures: number): void {
  if (!(error instanceof AirflowError)) {
    log.error({ subject, err: error }, 'polling Airflow failed inside the operator');
  } else if (failures === 1) {
    log.warn({ subject, kind: error.kind, reason: error.message }, 'polling Airflow failed');
  }
}
