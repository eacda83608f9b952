/**
 * Writes the schemas in src/openmetadata/sourceConfig/schemas: what each minor version of OpenMetadata takes as source
 * configuration. Names, types and limits only; no text of theirs is kept. Not part of CI. To take in a new version, add it
 * to RELEASES below and to the loaders in schemaLibrary.ts, and run
 *
 *   node scripts/extract-source-config-schemas.ts
 *
 * It needs Python with pip, and keeps what it downloads in the cache directory of this project. As long as RELEASES stays
 * the same, so do the files.
 *
 * The source is the models in openmetadata-ingestion, which are generated from OpenMetadata's JSON schemas: with them the
 * managed APIs check what they are sent. The package with the JSON schemas themselves, org.open-metadata:openmetadata-spec,
 * cannot be had for every version. Where it can (1.4.0), it says the same.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { findInterpreter, type Interpreter } from '../test/airflow/interpreter.ts';
import { cacheDirectory } from '../test/support/cacheDirectory.ts';
import { runCommandOrThrow } from '../test/support/runCommand.ts';
import { compactSchema } from './extract-source-config-schemas.compact.ts';

/** The newest of each minor version when it was taken in. */
const RELEASES: Readonly<Record<string, string>> = {
  '1.3': '1.3.4.0',
  '1.4': '1.4.8.1',
  '1.5': '1.5.15.2',
  '1.6': '1.6.13.2',
  '1.7': '1.7.7.4',
  '1.8': '1.8.12.0',
  '1.9': '1.9.17.6',
  '1.10': '1.10.14.7',
  '1.11': '1.11.14.0',
  '1.12': '1.12.14.2',
  '1.13': '1.13.6.3',
  '2.0': '2.0.6.0',
};
/** Up to 1.4 the models are of the first generation of pydantic. */
const FIRST_GENERATION = new Set(['1.3', '1.4']);
const PYDANTIC = { first: ['pydantic[email]==1.10.27'], second: ['pydantic[email]==2.14.3'] };

const TEN_MINUTES = 600_000;
const ROOT = join(import.meta.dirname, '..');
const TARGET = join(ROOT, 'src', 'openmetadata', 'sourceConfig', 'schemas');
const PRINTER = join(import.meta.dirname, 'extract-source-config-schemas.py');

async function pip(python: Interpreter, args: readonly string[]): Promise<void> {
  await runCommandOrThrow(python.path, ['-m', 'pip', '--quiet', ...args], { timeoutMs: TEN_MINUTES });
}

async function ensureWheel(python: Interpreter, release: string): Promise<string> {
  const directory = cacheDirectory('wheels');
  const wheel = join(directory, `openmetadata_ingestion-${release}-py3-none-any.whl`);
  if (!existsSync(wheel)) {
    const requirement = `openmetadata-ingestion==${release}`;
    await pip(python, ['download', '--no-deps', '--only-binary', ':all:', '--dest', directory, requirement]);
  }
  return wheel;
}

async function ensurePydantic(python: Interpreter, generation: keyof typeof PYDANTIC): Promise<string> {
  const directory = cacheDirectory('pydantic', `${generation}-python${python.version}`);
  const marker = join(directory, 'complete');
  if (!existsSync(marker)) {
    await pip(python, ['install', '--upgrade', '--target', directory, ...PYDANTIC[generation]]);
    writeFileSync(marker, '');
  }
  return directory;
}

async function extract(python: Interpreter, minor: string, release: string): Promise<void> {
  const wheel = await ensureWheel(python, release);
  const pydantic = await ensurePydantic(python, FIRST_GENERATION.has(minor) ? 'first' : 'second');
  const printed = await runCommandOrThrow(python.path, [PRINTER, wheel], {
    env: { ...process.env, PYTHONPATH: pydantic },
    timeoutMs: TEN_MINUTES,
  });
  const schema = compactSchema(release, JSON.parse(printed));
  writeFileSync(join(TARGET, `${minor}.json`), `${JSON.stringify(schema)}\n`);
  process.stderr.write(`${minor} from ${release}: ${Object.keys(schema.sourceConfigs).length} types\n`);
}

const python = await findInterpreter('Extracting the schemas', ['3.12', '3.11', '3.10']);
for (const [minor, release] of Object.entries(RELEASES)) {
  await extract(python, minor, release);
}
await runCommandOrThrow(join(ROOT, 'node_modules', '.bin', 'oxfmt'), [TARGET], { cwd: ROOT });
