import { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { type AirflowDoor, createAirflowDoor } from './airflowDoor.ts';
import { type Clockwork, createClockwork } from './clockwork.ts';
import { type ConfigShelf, createConfigShelf } from './configShelf.ts';
import { createEventLog, type EventLog } from './eventLog.ts';
import { CLIENT_KEY, clientManifest, PIPELINE_KEY, pipelineManifest } from './manifests.ts';
import { createOpenMetadataDoor, type OpenMetadataDoor } from './openMetadataDoor.ts';
import { createResourceStore, type ResourceStore } from './resourceStore.ts';
import { type SimulatedOperator, startOperator } from './simulatedOperator.ts';

/** Everything outside the operator: cluster, Airflow, OpenMetadata and time. */
export interface Surroundings {
  readonly clockwork: Clockwork;
  readonly pipelines: ResourceStore<IngestionPipeline>;
  readonly clients: ResourceStore<PipelineServiceClient>;
  readonly shelf: ConfigShelf;
  readonly namespaces: Map<string, { labels: Record<string, string>; terminating: boolean }>;
  readonly airflow: AirflowDoor;
  /** What answers at any other endpoint than the usual one. */
  readonly otherAirflow: AirflowDoor;
  readonly openMetadata: OpenMetadataDoor;
  /** Milliseconds between two looks of the poller at Airflow. */
  readonly polling: { interval: number };
  readonly events: EventLog;
}

/** A simulated cluster with the operator at work in it. */
export interface World extends Surroundings {
  operator(): SimulatedOperator;
  /** Lets the operator work for so many seconds. */
  pass(seconds: number): Promise<void>;
  /** One reconcile, besides those that happen by themselves. */
  reconcile(key?: string): Promise<Outcome>;
  /** Another process takes over, which remembers nothing. */
  restart(): void;
}

export function createWorld(): World {
  const clockwork = createClockwork();
  const { clock } = clockwork;
  let operator: SimulatedOperator | undefined;
  const surroundings: Surroundings = {
    clockwork,
    pipelines: createResourceStore({
      parse: (raw) => IngestionPipeline.parse(raw),
      clock,
      onChange: (key) => operator?.pipelineChanged(key),
    }),
    clients: createResourceStore({
      parse: (raw) => PipelineServiceClient.parse(raw),
      clock,
      onChange: (key) => operator?.clientChanged(key),
    }),
    shelf: createConfigShelf(),
    namespaces: new Map(),
    airflow: createAirflowDoor(clock),
    otherAirflow: createAirflowDoor(clock),
    openMetadata: createOpenMetadataDoor(),
    polling: { interval: 5_000 },
    events: createEventLog(),
  };
  function running(): SimulatedOperator {
    operator ??= startOperator(surroundings);
    return operator;
  }
  running();
  return {
    ...surroundings,
    operator: running,
    pass: (seconds) => clockwork.advance(seconds * 1000),
    reconcile: (key = PIPELINE_KEY) => running().reconcilePipeline(key),
    restart() {
      operator?.stop();
      operator = undefined;
      running();
    },
  };
}

/** A world with a client that is Ready, and no pipeline yet. */
export async function readyWorld(spec: Parameters<typeof clientManifest>[0] = {}): Promise<World> {
  const world = createWorld();
  world.shelf.setSecret('openmetadata/airflow-secrets', { password: 'planted-password' });
  world.shelf.setSecret('openmetadata/openmetadata-bot', { token: 'planted-token' });
  world.clients.create(clientManifest(spec));
  await world.pass(1);
  return world;
}

/** A condition as `True Deployed`; undefined where it is not there. */
export function condition(world: World, type: string, key = PIPELINE_KEY): string | undefined {
  const resource = world.pipelines.get(key) ?? world.clients.get(key);
  const found = resource?.status?.conditions?.find((candidate) => candidate.type === type);
  return found && `${found.status} ${found.reason}`;
}

export function message(world: World, type: string, key = PIPELINE_KEY): string {
  const resource = world.pipelines.get(key) ?? world.clients.get(key);
  return resource?.status?.conditions?.find((candidate) => candidate.type === type)?.message ?? '';
}

export function clientCondition(world: World, type: string): string | undefined {
  return condition(world, type, CLIENT_KEY);
}

/** A world with a client and a pipeline that are Ready. */
export async function deployedWorld(spec: Parameters<typeof pipelineManifest>[0] = {}): Promise<World> {
  const world = await readyWorld();
  world.pipelines.create(pipelineManifest(spec));
  await world.pass(10);
  return world;
}

/** Changes the specification of the pipeline. */
export function respecify(world: World, spec: Partial<IngestionPipeline['spec']>, key = PIPELINE_KEY): void {
  world.pipelines.edit(key, (pipeline) => ({ spec: { ...pipeline.spec, ...spec } }));
}

export function annotate(world: World, annotations: Readonly<Record<string, string>>): void {
  world.pipelines.edit(PIPELINE_KEY, ({ metadata }) => ({
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } },
  }));
}

export function statusOf(world: World, key = PIPELINE_KEY): NonNullable<IngestionPipeline['status']> {
  return world.pipelines.get(key)?.status ?? {};
}

/** Whether the pipeline is gone from the cluster. */
export function isGone(world: World): boolean {
  return world.pipelines.get(PIPELINE_KEY) === undefined;
}

/** Where documents stand in ConfigMaps: `namespace/name/key`, sorted. */
export function documents(world: World): string[] {
  const paths = [...world.shelf.texts].flatMap(([shard, data]) =>
    Object.keys(data).map((key) => `${shard}/${key}`),
  );
  return paths.filter((path) => path.endsWith('.json')).toSorted();
}
