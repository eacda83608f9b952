import { type Certainty, type Figure, FIGURES } from './figures.ts';
import type { Trial } from './trial.ts';

/** The figures of all trials as a Markdown table, one column for each trial. See {@link SIGNS}. */
export function tableOf(trials: readonly Trial[]): string {
  const header = ['', ...trials.map(({ delivery, pipelines }) => `${delivery}, ${pipelines}`)];
  const rows = FIGURES.map((figure) => [titleOf(figure), ...trials.map((trial) => cellOf(figure, trial))]);
  const alignment = ['---', ...trials.map(() => '---:')];
  return [header, alignment, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const SIGNS: Readonly<Record<Certainty, string>> = { measured: '', calculated: '≈ ', givenUp: '> ' };

export function describeValue(figure: Figure, trial: Trial): string {
  const value = figure.valueOf(trial);
  if (value === undefined) return '–';
  return `${SIGNS[figure.certaintyOf(trial)]}${rounded(value)}`;
}

function titleOf({ title, unit }: Figure): string {
  return unit === '' ? title : `${title} (${unit})`;
}

function cellOf(figure: Figure, trial: Trial): string {
  return describeValue(figure, trial);
}

/** Three digits that count, at most one of them behind the point. */
function rounded(value: number): string {
  const digits = Math.abs(value) < 100 ? Math.round(value * 10) / 10 : Number(value.toPrecision(3));
  return digits.toLocaleString('en-GB');
}
