import { cpSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CHART } from '../chart/helm.ts';
import { runCommand, runCommandOrThrow } from '../support/runCommand.ts';

export interface EarlierChart {
  readonly directory: string;
  /** The commit that it is of; none where the history is not there, and it is a copy of the present one. */
  readonly commit: string | undefined;
}

const ROOT = join(import.meta.dirname, '..', '..');
const PATH = relative(ROOT, CHART);

/** The chart as it was before the last change of it. */
export async function earlierChart(directory: string): Promise<EarlierChart> {
  mkdirSync(directory, { recursive: true });
  const commit = await commitBeforeLastChange();
  if (commit === undefined) {
    cpSync(CHART, join(directory, PATH), { recursive: true });
  } else {
    const archive = join(directory, 'chart.tar');
    await runCommandOrThrow('git', ['archive', `--output=${archive}`, commit, PATH], { cwd: ROOT });
    await runCommandOrThrow('tar', ['--extract', `--file=${archive}`, `--directory=${directory}`]);
  }
  return { directory: join(directory, PATH), commit };
}

async function commitBeforeLastChange(): Promise<string | undefined> {
  const differs = (await git('diff', '--quiet', 'HEAD', '--', PATH)) === undefined;
  const last = differs ? 'HEAD' : `${await git('log', '-1', '--format=%H', '--', PATH)}~1`;
  const hasChart = (await git('cat-file', '-e', `${last}:${PATH}/Chart.yaml`)) !== undefined;
  return hasChart ? git('rev-parse', '--short', last) : undefined;
}

/** Nothing when git fails. */
async function git(...args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, exitCode } = await runCommand('git', args, { cwd: ROOT });
    return exitCode === 0 ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}
