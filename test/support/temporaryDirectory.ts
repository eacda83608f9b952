import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardPath, releasePath } from './leftovers.ts';
import { removeTree } from './removeLeftovers.ts';

export interface TemporaryDirectory {
  readonly path: string;
  /** Removes it with all that is in it. */
  remove(): void;
}

/** One that was given, and so is not ours to remove. */
export function givenDirectory(path: string): TemporaryDirectory {
  mkdirSync(path, { recursive: true });
  return { path, remove: () => undefined };
}

/** A new directory that is removed at the end of this process at the latest, unless it is to be kept. */
export function temporaryDirectory(prefix: string, keep = false): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), `${prefix}-`));
  if (keep) return { path, remove: () => undefined };
  guardPath(path);
  return {
    path,
    remove: () => {
      removeTree(path);
      releasePath(path);
    },
  };
}
