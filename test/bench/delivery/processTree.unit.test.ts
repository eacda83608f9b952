import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startProcess } from '../../support/processes.ts';
import { temporaryDirectory } from '../../support/temporaryDirectory.ts';
import { cpuSecondsBelow, cpuSecondsOf, memoryOf } from './processTree.ts';

/** Works for a while in a child that ends, and then waits with another that lives. */
const TREE = `sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done'; sleep 60 & echo ready; wait`;

test.skipIf(!existsSync('/proc/self/smaps_rollup'))(
  'a process counts with its children, and with the work of those that have ended',
  async () => {
    const directory = temporaryDirectory('process-tree');
    const logFile = join(directory.path, 'tree.log');
    const child = await startProcess({ command: 'sh', args: ['-c', TREE], logFile });
    onTestFinished(async () => {
      await child.stop();
      directory.remove();
    });
    await eventually(() => expect(readFileSync(logFile, 'utf8')).toBe('ready\n'), { timeoutMs: 9_000 });

    const { processes, resident, proportional } = memoryOf(child.pid);
    expect(processes).toBe(2);
    expect(resident).toBeGreaterThanOrEqual(proportional);
    expect(proportional).toBeGreaterThan(0);
    expect(cpuSecondsOf(child.pid)).toBeGreaterThan(0);
    expect(cpuSecondsBelow(child.pid)).toBeLessThan(cpuSecondsOf(child.pid));
  },
);

test('of a process that is gone there is nothing', () => {
  expect(memoryOf(2 ** 30)).toEqual({ processes: 0, resident: 0, proportional: 0 });
  expect(cpuSecondsOf(2 ** 30)).toBe(0);
});
