import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const PROJECT = 'openmetadata-ingestion-operator';

/** A directory of that name in the user's cache (outside the source tree), created when missing. */
export function cacheDirectory(...names: readonly string[]): string {
  const directory = join(cacheHome(), PROJECT, ...names);
  mkdirSync(directory, { recursive: true });
  return directory;
}

function cacheHome(): string {
  const configured = process.env['XDG_CACHE_HOME'];
  return configured === undefined || configured === '' ? join(homedir(), '.cache') : configured;
}
