import { join } from 'node:path';
import { ensureAirflowEnvironment } from '../airflow/environment.ts';
import type { Generation } from '../airflow/generations.ts';
import { airflowProcessEnvironment, layoutOf, newSecret } from '../airflow/settings.ts';
import { terminalProgress } from '../support/progress.ts';
import { runCommand } from '../support/runCommand.ts';
import { temporaryDirectory } from '../support/temporaryDirectory.ts';
import { LOADER_DIRECTORY } from './files.ts';

const TEN_MINUTES = 600_000;

/** Runs the loader's tests in the Python of a generation; throws what pytest says where one fails. Returns its last line. */
export async function runPytest(generation: Generation): Promise<string> {
  const environment = await ensureAirflowEnvironment(generation, terminalProgress());
  const home = temporaryDirectory('loader-tests');
  const usual = airflowProcessEnvironment(environment, layoutOf(home.path), 'http://127.0.0.1', newSecret());
  try {
    const { stdout, stderr, exitCode } = await runCommand(
      join(environment.bin, 'python'),
      ['-m', 'pytest', '--quiet', '--tb=short', '--show-capture=no', '-W', 'ignore', ...rootedAt(home.path)],
      {
        // What else is installed beside Airflow has plugins of its own for pytest.
        env: { ...usual, PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1', PYTHONDONTWRITEBYTECODE: '1' },
        cwd: join(LOADER_DIRECTORY, 'tests'),
        timeoutMs: TEN_MINUTES,
      },
    );
    if (exitCode !== 0) throw new Error(`${stdout}${stderr}`);
    return stdout.trim().split('\n').at(-1) ?? '';
  } finally {
    home.remove();
  }
}

function rootedAt(directory: string): string[] {
  return ['-p', 'no:cacheprovider', '--rootdir', LOADER_DIRECTORY, '--basetemp', join(directory, 'tests')];
}
