import { expect, test } from 'vitest';
import { chartOf } from './chart.ts';
import { checkLines } from './lines.ts';
import { tableOf } from './table.ts';
import type { Trial } from './trial.ts';

const MEMORY = { processes: 1, resident: 400_000_000, proportional: 390_000_000 };
const MANAGED: Trial = {
  delivery: 'ManagedAPI',
  pipelines: 1000,
  rollout: { enabled: 60, seconds: 470 },
  web: {
    before: MEMORY,
    after: { ...MEMORY, processes: 3, proportional: 490_000_000 },
    fresh: MEMORY,
    peak: { ...MEMORY, processes: 22, proportional: 1_900_000_000 },
  },
  parseLoop: {
    files: 1001,
    parses: 240,
    windowSeconds: 360,
    cpuSecondsPerParse: 1.5,
    cpuSecondsPerLoop: 1500,
    isComplete: false,
    openMetadataCallsPerLoop: 3003,
    openMetadataCallsPerMinute: 120,
  },
  edits: [9, 61, 20].map((toAirflow) => ({ toAirflow, hasCome: true })),
  loadAverage: [1, 2],
};
const MOUNTED: Trial = {
  ...MANAGED,
  delivery: 'ConfigMap',
  rollout: { enabled: 1000, seconds: 95, secondsSinceUpdate: 60.04 },
  web: { before: MEMORY, after: { ...MEMORY, proportional: 394_000_000 }, fresh: MEMORY, peak: MEMORY },
  parseLoop: { ...MANAGED.parseLoop, files: 16, cpuSecondsPerLoop: 60, isComplete: true },
  edits: [{ toDocument: 0.5, toAirflow: 6, hasCome: true }],
};

test('the table tells what was reckoned, or given up, from what was measured', () => {
  const inVain = { ...MOUNTED, edits: [{ toAirflow: 120, hasCome: false }] };

  expect(tableOf([inVain])).toMatch(/^\| Edit .+ \| > 120 \|$/m);
  const rows = tableOf([MANAGED, MOUNTED]).split('\n');

  expect(rows[0]).toBe('|  | ManagedAPI, 1000 | ConfigMap, 1000 |');
  expect(rows).toContainEqual(expect.stringMatching(/^\| CPU time of .+ \| ≈ 1,500 \| 60 \|$/));
  expect(rows).toContainEqual(expect.stringMatching(/^\| Declared to all enabled .+ \| – \| 95 \|$/));
  expect(rows).toContainEqual(expect.stringMatching(/^\| Mounted directory .+ \| – \| 60 \|$/));
  expect(rows).toContainEqual(expect.stringMatching(/^\| Web server: children .+ \| 2 \| 0 \|$/));
  expect(rows).toContainEqual(expect.stringMatching(/^\| Edit .+ \| 20 \| 6.5 \|$/));
});

test('each line is checked, for each number of pipelines', () => {
  expect(checkLines([MANAGED, MOUNTED]).map(({ measured, holds }) => ({ measured, holds }))).toEqual([
    { measured: '25.0 times', holds: true },
    { measured: '4.0 MB', holds: true },
    { measured: '1000 after 60.0 s', holds: true },
  ]);
});

test('the CPU time is promised for 1,000 pipelines, and for fewer only told', () => {
  const few = [MANAGED, MOUNTED].map((trial) => ({ ...trial, pipelines: 200 }));
  expect(checkLines(few).map(({ promise }) => promise)).not.toContainEqual(expect.stringContaining('CPU'));
  expect(checkLines(few)).toHaveLength(2);
});

test('a line that is missed is said to be', () => {
  const slow = { ...MOUNTED, rollout: { ...MOUNTED.rollout, enabled: 999 } };
  expect(checkLines([slow]).map(({ holds }) => holds)).toEqual([true, false]);
});

test('the chart has a bar for each value, without filling where it was reckoned', () => {
  const chart = chartOf([MANAGED, MOUNTED]);

  expect(chart).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[\s\S]+<\/svg>\n$/);
  expect(chart.match(/stroke-dasharray/g)).toHaveLength(2);
  expect(chart).not.toContain('NaN');
});
