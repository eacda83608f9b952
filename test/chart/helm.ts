import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { ControlPlane } from '../control-plane/controlPlane.ts';
import { terminalProgress } from '../support/progress.ts';
import { type CommandResult, runCommand } from '../support/runCommand.ts';
import { ensureHelm } from './binaries.ts';

export const CHART = join(import.meta.dirname, '..', '..', 'helm', 'openmetadata-ingestion-operator');

const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});
/** An object of a rendering. */
export type Manifest = z.infer<typeof Manifest>;

/** Values of the chart, as in a file of them; may be wrong on purpose. */
export type Values = Readonly<Record<string, unknown>>;

export interface ReleaseOptions {
  readonly release: string;
  readonly namespace: string;
  readonly values?: Values;
  /** Directory of a chart; the repository's when left out. */
  readonly chart?: string;
}

/** A Helm that neither reads nor writes the settings and caches of the user who runs the tests. */
export interface Helm {
  run(args: readonly string[], stdin?: string): Promise<CommandResult>;
  /** Runs lines for a shell in which `helm` is this one, at the root of the repository. */
  shell(script: string): Promise<CommandResult>;
  /** Runs a verb, such as `install`, on a release; fails with what Helm says when it fails. */
  release(verb: 'install' | 'upgrade', options: ReleaseOptions): Promise<string>;
  /** All that would be sent to a cluster that has none of it, hooks included. */
  text(values: Values, release?: Partial<ReleaseOptions>): Promise<string>;
  /** The same as objects. */
  render(values: Values, release?: Partial<ReleaseOptions>): Promise<Manifest[]>;
  /** What Helm says against these values, or nothing. */
  refusal(values: Values): Promise<string>;
}

export async function createHelm(directory: string, plane?: ControlPlane): Promise<Helm> {
  const executable = await ensureHelm(terminalProgress());
  const env = {
    ...process.env,
    HELM_CACHE_HOME: join(directory, 'helm-cache'),
    HELM_CONFIG_HOME: join(directory, 'helm-config'),
    HELM_DATA_HOME: join(directory, 'helm-data'),
    KUBECONFIG: plane?.adminKubeconfig ?? join(directory, 'no-kubeconfig'),
    KUBECACHEDIR: join(directory, 'helm-kube-cache'),
  };

  function run(args: readonly string[], stdin?: string): Promise<CommandResult> {
    return runCommand(executable, args, { env, stdin });
  }

  async function runOrThrow(args: readonly string[], stdin: string): Promise<string> {
    const { stdout, stderr, exitCode } = await run(args, stdin);
    if (exitCode !== 0) throw new Error(`helm ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  const texts = new Map<string, Promise<string>>();
  function text(values: Values, options: Partial<ReleaseOptions> = {}): Promise<string> {
    const { release = 'ingestion', namespace = 'openmetadata', chart = CHART } = options;
    const args = ['template', release, chart, '--namespace', namespace, '--values', '-'];
    const key = JSON.stringify([args, values]);
    // Rendered once: many tests look at the same.
    const rendered = texts.get(key) ?? runOrThrow(args, JSON.stringify(values));
    texts.set(key, rendered);
    return rendered;
  }

  return {
    run,
    shell(script) {
      const path = `${dirname(executable)}:${process.env['PATH'] ?? ''}`;
      return runCommand('bash', ['--norc', '-euc', script], {
        env: { ...env, PATH: path },
        cwd: join(CHART, '..', '..'),
      });
    },
    release: (verb, { release, namespace, values = {}, chart = CHART }) =>
      runOrThrow(
        [verb, release, chart, '--namespace', namespace, '--create-namespace', '--values', '-'].filter(
          (arg) => verb === 'install' || arg !== '--create-namespace',
        ),
        JSON.stringify(values),
      ),
    text,
    render: async (values, release) => manifestsOf(await text(values, release)),
    refusal: async (values) =>
      (await run(['template', 'ingestion', CHART, '--values', '-'], JSON.stringify(values))).stderr,
  };
}

/** The objects in a stream of YAML documents. */
export function manifestsOf(text: string): Manifest[] {
  return parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter((value) => value !== null)
    .map((value) => Manifest.parse(value));
}
