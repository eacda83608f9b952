import { join } from 'node:path';
import { LOADER_DIRECTORY } from '../test/loader/files.ts';
import { ensureRuff } from '../test/loader/ruff.ts';
import { cacheDirectory } from '../test/support/cacheDirectory.ts';
import { runCommand } from '../test/support/runCommand.ts';

/** Checks the Python of the loader: rules and format; `--fix` puts right what ruff can. */
async function main(fix: boolean): Promise<void> {
  const ruff = await ensureRuff();
  const cache = ['--quiet', '--cache-dir', join(cacheDirectory('ruff'), 'results')];
  const calls = [
    ['check', ...cache, ...(fix ? ['--fix'] : [])],
    ['format', ...cache, ...(fix ? [] : ['--diff'])],
  ];
  for (const call of calls) {
    const { stdout, stderr, exitCode } = await runCommand(ruff, [...call, LOADER_DIRECTORY]);
    process.stdout.write(`${stdout}${stderr}`);
    if (exitCode !== 0) process.exitCode = 1;
  }
}

await main(process.argv.includes('--fix'));
