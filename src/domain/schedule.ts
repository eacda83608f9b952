import { Cron } from 'croner';

const PRESETS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@quarterly': '0 0 1 */3 *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/**
 * When a schedule fires next, in UTC, which is the time zone the plugin gives every DAG. Undefined for a pipeline
 * that only runs on request, or whose expression never fires again.
 */
export function nextRunTime(scheduleInterval: string | undefined, now: number): Date | undefined {
  const expression =
    scheduleInterval === undefined ? undefined : (PRESETS[scheduleInterval] ?? scheduleInterval);
  if (expression === undefined || expression.startsWith('@')) {
    return undefined;
  }
  return new Cron(expression, { timezone: 'UTC', sloppyRanges: true }).nextRun(new Date(now)) ?? undefined;
}

/** Why a schedule cannot be used, or undefined where it can. */
export function scheduleFault(scheduleInterval: string | undefined): string | undefined {
  try {
    nextRunTime(scheduleInterval, 0);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
