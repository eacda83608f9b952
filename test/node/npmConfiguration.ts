import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandOrThrow } from '../support/runCommand.ts';

/** A file or directory of this machine that a build sees, and no image has. */
export interface BuildMount {
  readonly source: string;
  readonly target: string;
}

/** What npm is told on this machine (registry, certificates, credentials), for an npm of root's in a build. */
export async function npmConfiguration(directory: string): Promise<BuildMount[]> {
  const files = await Promise.all(['globalconfig', 'userconfig'].map((name) => setting(name)));
  const authorities = await authorityFile();
  const trust = authorities === undefined ? [] : [`cafile=${authorities}`];
  const lines = [...files.map((file) => contentOf(file)), ...fromEnvironment(), ...trust];
  const source = join(directory, 'npmrc');
  writeFileSync(source, `${lines.map(withVariables).join('\n')}\n`, { mode: 0o600 });
  const mounts = [{ source, target: '/root/.npmrc' }];
  return authorities === undefined ? mounts : [...mounts, { source: authorities, target: authorities }];
}

/** Certificates that npm's Node.js has to trust besides its own. */
async function authorityFile(): Promise<string | undefined> {
  const files = [await setting('cafile'), process.env['NODE_EXTRA_CA_CERTS'] ?? ''];
  return files.find((file) => file !== 'null' && existsSync(file));
}

async function setting(name: string): Promise<string> {
  return (await runCommandOrThrow('npm', ['config', 'get', name], { cwd: '/' })).trim();
}

function contentOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Variables such as `npm_config_registry` win over both files. */
function fromEnvironment(): string[] {
  return Object.entries(process.env).flatMap(([name, value]) => {
    const [, key] = /^npm_config_(registry|https?_proxy|proxy|noproxy)$/i.exec(name) ?? [];
    return key === undefined ? [] : [`${key.toLowerCase().replaceAll('_', '-')}=${value}`];
  });
}

/** npm puts in what `${NAME}` stands for; in the build these variables are missing. */
function withVariables(text: string): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => process.env[name] ?? whole);
}
