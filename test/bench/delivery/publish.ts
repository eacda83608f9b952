import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { chartOf } from './chart.ts';
import { checkLines } from './lines.ts';
import { tableOf } from './table.ts';
import type { Limits, Trial } from './trial.ts';

const DOCS = join(import.meta.dirname, '..', '..', '..', 'docs');
const FIGURES = /(?<=<!-- figures -->\n)[\s\S]*(?=<!-- end of figures -->)/;
const GIBIBYTE = 1024 ** 3;

/** Writes the figures, the chart and, between its marks, the table of the page in docs/. */
export function publish(trials: readonly Trial[], limits: Limits): void {
  const machine = describeMachine();
  const result = { measuredAt: new Date().toISOString(), machine, limits, trials };
  writeFileSync(join(DOCS, 'delivery-benchmark.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  writeFileSync(join(DOCS, 'delivery-benchmark.svg'), chartOf(trials));
  const page = join(DOCS, 'delivery-benchmark.md');
  const figures = [
    `Measured on ${result.measuredAt.slice(0, 10)}: ${machine}. Rollouts through the managed APIs were given up after ${limits.rolloutMinutes} minutes, and loops over their files after ${limits.loopMinutes}.`,
    tableOf(trials),
    linesOf(trials),
  ];
  const text = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    text.replace(FIGURES, () => `\n${figures.join('\n\n')}\n\n`),
  );
}

function describeMachine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / GIBIBYTE);
  return `${processors.length} × ${processors[0]?.model ?? 'unknown'}, ${memory} GiB of memory, Node.js ${process.version}`;
}

function linesOf(trials: readonly Trial[]): string {
  const rows = checkLines(trials).map(
    ({ promise, measured, holds }) => `| ${promise} | ${measured} | ${holds ? 'yes' : 'no'} |`,
  );
  return ['| line | measured | holds |', '|---|---|---|', ...rows].join('\n');
}
