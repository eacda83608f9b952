import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATIONS } from '../airflow/generations.ts';
import { findInterpreter } from '../airflow/interpreter.ts';
import { LOADER_DIRECTORY, PYTHONS } from '../loader/files.ts';
import { runPytest } from '../loader/runPytest.ts';
import { runCommandOrThrow } from '../support/runCommand.ts';

const LOADER = join(LOADER_DIRECTORY, 'dag_loader.py');

test.each(Object.values(GENERATIONS))(
  'the loader makes DAGs of its documents in Airflow $airflow',
  { timeout: 700_000 },
  async (generation) => {
    expect(await runPytest(generation)).toMatch(/^\d+ passed/);
  },
);

test.each(PYTHONS)('Python %s understands the loader, where it is installed', async (version) => {
  const interpreter = await findInterpreter('the loader', [version]).catch(() => undefined);
  if (interpreter === undefined) return;
  const compile = 'import sys; compile(sys.stdin.read(), "dag_loader.py", "exec")';
  await runCommandOrThrow(interpreter.path, ['-I', '-c', compile], { stdin: readFileSync(LOADER, 'utf8') });
});
