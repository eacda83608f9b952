// Installs the locked dependencies when they are missing or not those of package-lock.json. Plain JavaScript, since it
// starts before the Node of this project is there: any from 20 on will do.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOCK_FILE = join(ROOT, 'package-lock.json');
const MODULES = join(ROOT, 'node_modules');
/** Npm's own record of what it installed; written last. */
const INSTALLED = join(MODULES, '.package-lock.json');
const STORED_HASH = join(MODULES, '.package-lock.sha256');
/**
 * Installs what the lock file says and leaves it as it is. Not "npm ci", which from npm 11 on refuses a lock file without
 * the optional packages of all platforms; which of those it can have depends on the registry that it was made with.
 */
const INSTALL = ['install', '--no-save', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];

function lockHash() {
  return createHash('sha256').update(readFileSync(LOCK_FILE)).digest('hex');
}

function isUpToDate() {
  if (!existsSync(INSTALLED)) return false;
  if (existsSync(STORED_HASH)) return readFileSync(STORED_HASH, 'utf8') === lockHash();
  // Somebody ran npm by hand.
  return statSync(INSTALLED).mtimeMs >= statSync(LOCK_FILE).mtimeMs;
}

/** Without the Node in node_modules, which the installation replaces. */
function installerEnvironment() {
  const path = (process.env.PATH ?? '').split(delimiter);
  const bin = `${sep}node_modules${sep}.bin`;
  return { ...process.env, PATH: path.filter((directory) => !directory.endsWith(bin)).join(delimiter) };
}

function install() {
  const began = Date.now();
  process.stderr.write('Installing the dependencies of package-lock.json, usually half a minute …\n');
  const stdio = ['ignore', 'ignore', 'inherit'];
  const { status, error } = spawnSync('npm', INSTALL, { cwd: ROOT, env: installerEnvironment(), stdio });
  if (status !== 0) {
    process.stderr.write(`npm install failed${error === undefined ? '' : `: ${error.message}`}\n`);
    process.exit(status ?? 1);
  }
  process.stderr.write(`Installed after ${Math.round((Date.now() - began) / 1000)} s.\n`);
}

if (!isUpToDate()) install();
writeFileSync(STORED_HASH, lockHash());
