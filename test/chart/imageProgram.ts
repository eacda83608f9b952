import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Program } from '../harness/operatorProcess.ts';
import { runCommandOrThrow } from '../support/runCommand.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const Command = z.array(z.string());

/** Makes the bundle, and reads from the Dockerfile how the image starts it. */
export async function buildImageProgram(): Promise<Program> {
  await runCommandOrThrow(process.execPath, [join(ROOT, 'scripts', 'build.ts')], { cwd: ROOT });
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ');
  const [node, ...args] = Command.parse(JSON.parse(instruction(dockerfile, 'ENTRYPOINT')));
  if (node !== '/usr/local/bin/node') throw new Error('the image does not start Node.js');
  const variables = instruction(dockerfile, 'ENV').matchAll(/(\w+)=(\S+)/g);
  return {
    args: args.map((arg) => arg.replace(/^\/app\//, `${join(ROOT, 'dist')}/`)),
    environment: Object.fromEntries(
      [...variables].map(([, name = '', value = '']) => [name, value]).filter(([name]) => name !== 'PATH'),
    ),
  };
}

function instruction(dockerfile: string, name: string): string {
  const [, text] = new RegExp(`^${name} (.*)$`, 'm').exec(dockerfile) ?? [];
  if (text === undefined) throw new Error(`the Dockerfile has no ${name}`);
  return text;
}
