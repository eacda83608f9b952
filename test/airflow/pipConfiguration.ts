import { runCommandOrThrow } from '../support/runCommand.ts';

/** Settings of pip, and what uv calls the same. */
const UV_NAMES: Record<string, string> = {
  'index-url': 'UV_DEFAULT_INDEX',
  'extra-index-url': 'UV_INDEX',
  'trusted-host': 'UV_INSECURE_HOST',
  cert: 'SSL_CERT_FILE',
};

/** uv does not read pip's configuration, where people name their index and certificates. Its own settings win. */
export async function uvEnvironment(python: string): Promise<NodeJS.ProcessEnv> {
  const configuration = await runCommandOrThrow(python, ['-m', 'pip', 'config', 'list']);
  return { ...translate(configuration), ...process.env };
}

/** Lines such as `global.cert='/etc/…'`. Those of the environment come first and win. */
function translate(configuration: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of configuration.split('\n').toReversed()) {
    const { key = '', value = '' } = /^\S+?\.(?<key>[a-z-]+)='(?<value>.*)'$/.exec(line)?.groups ?? {};
    const name = UV_NAMES[key];
    if (name !== undefined) variables[name] = value.replaceAll(String.raw`\n`, ' ').trim();
  }
  return variables;
}
