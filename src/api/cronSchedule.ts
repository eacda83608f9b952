import type { Grammar } from './fields.ts';

const MINUTE = '[0-5]?[0-9]';
const HOUR = '(?:[01]?[0-9]|2[0-3])';
const DAY = '(?:0?[1-9]|[12][0-9]|3[01])';
const MONTH = '(?:0?[1-9]|1[0-2]|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))';
const WEEKDAY = '(?:[0-7]|(?i:sun|mon|tue|wed|thu|fri|sat))';
const STEP = '(?:/[1-9][0-9]?)?';

/** Presets that every supported Airflow reads. */
const schedulePresets = [
  '@once',
  '@hourly',
  '@daily',
  '@midnight',
  '@weekly',
  '@monthly',
  '@quarterly',
  '@yearly',
  '@annually',
] as const;

function field(value: string, further = ''): string {
  const part = `(?:(?:\\*|${value}(?:-${value})?)${STEP}${further})`;
  return `${part}(?:,${part})*`;
}

const FIVE_FIELDS = [
  field(MINUTE),
  field(HOUR),
  field(DAY, '|[lL]'),
  field(MONTH),
  field(WEEKDAY, `|${WEEKDAY}#[1-5]`),
].join(' +');

/** When a pipeline runs: five fields of cron, or a preset. */
export const CRON_SCHEDULE: Grammar = {
  pattern: new RegExp(`^(?:${schedulePresets.join('|')}|${FIVE_FIELDS})$`),
  maxLength: 128,
  message: `must be cron with five fields (minute, hour, day, month, weekday), for example "0 3 * * *", or one of ${schedulePresets.join(', ')}; leave it out for a pipeline that runs only on request`,
};
