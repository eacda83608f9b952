import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { IngestionPipeline } from '../../src/api/ingestionPipeline.ts';
import { PipelineServiceClient } from '../../src/api/pipelineServiceClient.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { terminalProgress } from '../support/progress.ts';
import { type OperatorProcess, startOperator } from './operatorProcess.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OPERATOR = 'openmetadata-ingestion-operator';

const Event = z.object({
  type: z.string(),
  reason: z.string(),
  note: z.string().default(''),
  series: z.object({ count: z.number() }).optional(),
  regarding: z.object({ kind: z.string(), namespace: z.string().default(''), name: z.string() }),
});
export type ClusterEvent = z.infer<typeof Event>;

/** A real control plane with the CRDs and the operator's own rights, and operators that run on it. */
export interface Cluster {
  readonly plane: ControlPlane;
  /** Applies objects, as `kubectl apply` does. */
  apply(...objects: readonly object[]): Promise<void>;
  pipeline(key: string): Promise<IngestionPipeline>;
  pipelines(): Promise<IngestionPipeline[]>;
  client(key: string): Promise<PipelineServiceClient>;
  events(): Promise<ClusterEvent[]>;
  /** Of one pipeline, with this reason. */
  eventsOf(key: string, reason: string): Promise<ClusterEvent[]>;
  annotate(key: string, annotations: Readonly<Record<string, string | undefined>>): Promise<void>;
  /** Asks for the deletion of a pipeline, and does not wait for its end. */
  deletePipeline(key: string): Promise<void>;
  hasPipeline(key: string): Promise<boolean>;
  /** Runs kubectl and fails with what it says when it fails. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** Under the service account that deploy/rbac.yaml gives its rights to. */
  startOperator(flags?: Readonly<Record<string, string>>): Promise<OperatorProcess>;
  /** Log files of all operators that were started. */
  logs(): string[];
  stop(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const plane = await startControlPlane({ crds: join(ROOT, 'crds'), progress: terminalProgress() });
  await plane.apply(readFileSync(join(ROOT, 'deploy', 'rbac.yaml'), 'utf8'));
  const kubeconfig = await plane.serviceAccountKubeconfig(OPERATOR, OPERATOR);
  const operators: OperatorProcess[] = [];

  async function kubectl(...args: readonly string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await plane.kubectl(args);
    if (exitCode !== 0) {
      throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    }
    return stdout;
  }

  async function get<T>(schema: z.ZodType<T>, ...args: readonly string[]): Promise<T> {
    return schema.parse(JSON.parse(await kubectl('get', '-o', 'json', ...args)));
  }

  return {
    plane,
    kubectl,
    apply: (...objects) => plane.apply(objects.map((object) => stringify(object)).join('---\n')),
    pipeline: (key) => get(IngestionPipeline, 'ingestionpipeline', ...nameOf(key)),
    async pipelines() {
      return (await get(listOf(IngestionPipeline), 'ingestionpipelines', '--all-namespaces')).items;
    },
    client: (key) => get(PipelineServiceClient, 'pipelineserviceclient', ...nameOf(key)),
    async events() {
      return (await get(listOf(Event), 'events.events.k8s.io', '--all-namespaces')).items;
    },
    async eventsOf(key, reason) {
      const [namespace = '', name = ''] = key.split('/');
      const { items } = await get(listOf(Event), 'events.events.k8s.io', '--namespace', namespace);
      return items.filter((event) => event.reason === reason && event.regarding.name === name);
    },
    async annotate(key, annotations) {
      const changes = Object.entries(annotations).map(([name, value]) =>
        value === undefined ? `${name}-` : `${name}=${value}`,
      );
      await kubectl('annotate', '--overwrite', 'ingestionpipeline', ...nameOf(key), ...changes);
    },
    async deletePipeline(key) {
      await kubectl('delete', 'ingestionpipeline', '--wait=false', ...nameOf(key));
    },
    hasPipeline: async (key) =>
      (await kubectl('get', 'ingestionpipeline', '--ignore-not-found', ...nameOf(key))) !== '',
    async startOperator(flags) {
      const operator = await startOperator({ kubeconfig, directory: plane.directory, flags });
      operators.push(operator);
      return operator;
    },
    logs: () => operators.map(({ logFile }) => readFileSync(logFile, 'utf8')),
    async stop() {
      await Promise.all(operators.map((operator) => operator.stop()));
      await plane.stop();
    },
  };
}

function listOf<T>(schema: z.ZodType<T>): z.ZodType<{ items: T[] }> {
  return z.object({ items: z.array(schema) });
}

function nameOf(key: string): string[] {
  const [namespace = '', name = ''] = key.split('/');
  return ['--namespace', namespace, name];
}
