import { stringify } from 'yaml';
import { z } from 'zod';
import { IngestionPipeline } from '../../src/api/ingestionPipeline.ts';
import { PipelineServiceClient } from '../../src/api/pipelineServiceClient.ts';
import type { ControlPlane } from '../control-plane/controlPlane.ts';

const Event = z.object({
  type: z.string(),
  reason: z.string(),
  note: z.string().default(''),
  series: z.object({ count: z.number() }).optional(),
  regarding: z.object({ kind: z.string(), namespace: z.string().default(''), name: z.string() }),
});
export type ClusterEvent = z.infer<typeof Event>;

/** What people do with the resources on a plane, and see of them. Keys are `namespace/name`. */
export interface Resources {
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
}

export function resourcesOn(plane: ControlPlane): Resources {
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
  };
}

function listOf<T>(schema: z.ZodType<T>): z.ZodType<{ items: T[] }> {
  return z.object({ items: z.array(schema) });
}

function nameOf(key: string): string[] {
  const [namespace = '', name = ''] = key.split('/');
  return ['--namespace', namespace, name];
}
