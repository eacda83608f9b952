import { AirflowError } from '../../airflow/airflowError.ts';
import { ANNOTATIONS, FINALIZER } from '../../api/group.ts';
import type { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import type { ReconcileContext } from '../../controller/controller.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { keyOf } from '../shared/references.ts';
import { claimDag } from './claim.ts';
import { clearFormerClients } from './clearFormerClients.ts';
import { findClient } from './client.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { deliver } from './deliver.ts';
import { writeDocument } from './document.ts';
import { enable } from './enable.ts';
import { settleFault } from './fault.ts';
import { followRuns } from './followRuns.ts';
import { isSameAirflow } from './formerClient.ts';
import { leaveFormerPlaces } from './formerPlaces.ts';
import { beginPass, type Pass } from './pass.ts';
import { connect, requireCurrent, requireReady } from './readiness.ts';
import { register } from './register.ts';
import { removePipeline } from './remove.ts';
import { render, validate } from './render.ts';
import { requireFreeDag } from './requireFreeDag.ts';
import { startRequestedRun } from './requestedRun.ts';
import { noteRequests } from './requests.ts';
import { leaveFormerEntity } from './unregister.ts';

const RETRY_CLEARING = 30_000;

/** Reconciles one pipeline, by key: reads everything, decides, acts, and settles the status. */
export type PipelineReconciler = (key: string, context: ReconcileContext) => Promise<Outcome>;

export function createPipelineReconciler(deps: PipelineDependencies): PipelineReconciler {
  return async (key, context) => {
    const pipeline = deps.pipelines.get(key);
    if (pipeline === undefined) {
      return { kind: 'done' };
    }
    if (pipeline.metadata.deletionTimestamp !== undefined) {
      return removePipeline(deps, beginPass(deps, pipeline, context));
    }
    if (isPaused(pipeline)) {
      await beginPass(deps, pipeline, context).settle({ kind: 'paused' });
      return { kind: 'done' };
    }
    const pass = beginPass(deps, await ensureFinalizer(deps, pipeline, context.signal), context);
    try {
      const outcome = await converge(deps, pass);
      await pass.settle({ kind: 'converged' });
      return outcome;
    } catch (error) {
      return await settleFault(deps, pass, error);
    }
  };
}

/** The recipe. Each step halts the pass where it cannot go on. */
async function converge(deps: PipelineDependencies, pass: Pass): Promise<Outcome> {
  noteRequests(pass);
  const client = await findClient(deps, pass);
  const clientKey = keyOf(client);
  claimDag(deps, pass, clientKey);
  validate(pass);
  const connection = connect(deps, clientKey);
  const rendered = await render(deps, pass, client, connection);
  await requireFreeDag(deps, pass, client, connection);
  const written = await writeDocument(deps, pass, client, rendered);
  requireReady(clientKey, connection);
  requireCurrent(client, connection, rendered);
  try {
    const deployment = { deps, pass, client, connection, rendered, ...written };
    await leaveFormerEntity(deployment);
    const deployed = await deliver(deployment);
    if (written.isHeld === true) {
      await writeDocument(deps, pass, client, rendered);
    }
    await leaveFormerPlaces(deps, pass, written, deployed);
    await register(deployment);
    const enabled = await enable(pass, connection, deployed);
    const { view, retry } = await startRequestedRun(pass, connection, enabled);
    await followRuns(deps, pass, connection, view);
    const isLeft = await clearFormerClients(deps, pass, (former) => isSameAirflow(deps, former, client));
    const checkAfter = isLeft ? RETRY_CLEARING : deps.settings.resync * (0.9 + deps.random() / 5);
    return retry ?? { kind: 'done', checkAfter };
  } catch (error) {
    if (error instanceof AirflowError) {
      deps.reportFault(clientKey);
    }
    throw error;
  }
}

function isPaused({ metadata }: IngestionPipeline): boolean {
  return metadata.annotations?.[ANNOTATIONS.paused] === 'true';
}

/** Nothing is done in Airflow before the finalizer is there to undo it. */
async function ensureFinalizer(
  deps: PipelineDependencies,
  pipeline: IngestionPipeline,
  signal: AbortSignal,
): Promise<IngestionPipeline> {
  const { finalizers = [], resourceVersion } = pipeline.metadata;
  if (finalizers.includes(FINALIZER)) {
    return pipeline;
  }
  const patched = await deps.resources.patchFinalizers(
    keyOf(pipeline),
    [...finalizers, FINALIZER],
    resourceVersion,
    signal,
  );
  deps.pipelines.put(patched);
  return patched;
}
