import type { PipelineConditionType } from '../../api/conditionTypes.ts';
import { API_GROUP, API_VERSION } from '../../api/group.ts';
import type { IngestionPipeline, IngestionPipelineStatus } from '../../api/ingestionPipeline.ts';
import type { Reason } from '../../api/reasons.ts';
import { applyVerdicts, type Verdict } from '../../domain/conditions.ts';
import type { Logger } from '../../domain/logger.ts';
import type { Owner } from '../../domain/mark.ts';
import { cleanDagId, fullyQualifiedName, pipelineName } from '../../domain/naming.ts';
import { keyOf } from '../shared/references.ts';
import { statusDiffers } from '../shared/statusDifference.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { newFaults, verdictsOf, type Ending } from './ending.ts';

const FIELD_MANAGER = 'ingestion-operator-status';

/** One reconcile of one pipeline: what it is about, and what it has found so far. */
export interface Pass {
  readonly key: string;
  readonly pipeline: IngestionPipeline;
  readonly owner: Owner;
  /** Name in OpenMetadata. */
  readonly name: string;
  readonly dagId: string;
  readonly generation: number;
  readonly now: number;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** The status as it was when the pass began. */
  readonly before: IngestionPipelineStatus;
  /** Adds to the status to be written; conditions come from verdicts only. */
  note(part: Omit<IngestionPipelineStatus, 'conditions' | 'observedGeneration'>): void;
  noted(): IngestionPipelineStatus;
  judge(verdict: Verdict<PipelineConditionType>): void;
  /** Takes a condition off the status that is not asked for any more. */
  retract(type: PipelineConditionType): void;
  announce(type: 'Normal' | 'Warning', reason: Reason, message: string): void;
  /** Writes the status if it differs, and then the events. Throws KubeError. */
  settle(ending: Ending): Promise<void>;
}

export function beginPass(
  deps: PipelineDependencies,
  pipeline: IngestionPipeline,
  context: { readonly signal: AbortSignal; readonly log: Logger },
): Pass {
  const { metadata, spec } = pipeline;
  const { namespace } = metadata;
  const name = pipelineName({ namespace, name: metadata.name, specName: spec.name });
  const dagId = cleanDagId(name);
  const before = pipeline.status ?? {};
  const now = deps.clock();
  const verdicts = new Map<string, Verdict>();
  const retracted = new Set<string>();
  let draft: IngestionPipelineStatus = {
    ...before,
    dagId,
    pipelineFQN: fullyQualifiedName(spec.service, name),
  };
  let current = pipeline;

  function announce(type: 'Normal' | 'Warning', reason: Reason, message: string): void {
    deps.events.record({
      regarding: {
        apiVersion: `${API_GROUP}/${API_VERSION}`,
        kind: 'IngestionPipeline',
        namespace,
        name: metadata.name,
        uid: metadata.uid,
      },
      type,
      reason,
      action: 'Reconcile',
      note: message,
    });
  }

  return {
    key: keyOf(pipeline),
    pipeline,
    owner: { ownerId: deps.settings.ownerId, namespace, name: metadata.name },
    name,
    dagId,
    generation: metadata.generation,
    now,
    signal: context.signal,
    log: context.log,
    before,
    note(part) {
      draft = { ...draft, ...part };
    },
    noted: () => draft,
    judge(verdict) {
      verdicts.set(verdict.type, verdict);
    },
    retract(type) {
      retracted.add(type);
    },
    announce,
    async settle(ending) {
      const known = (current.status?.conditions ?? []).filter(({ type }) => !retracted.has(type));
      const judged = [...verdicts.values(), ...verdictsOf(ending, spec.suspend === true)];
      const conditions = applyVerdicts(known, judged, metadata.generation, deps.clock());
      const observedGeneration = ending.kind === 'paused' ? before.observedGeneration : metadata.generation;
      const status = { ...draft, conditions, observedGeneration };
      if (statusDiffers(current.status, status)) {
        current = await deps.resources.applyStatus(keyOf(pipeline), status, {
          fieldManager: FIELD_MANAGER,
          signal: context.signal,
        });
        deps.pipelines.put(current);
        const clientKey = deps.index.get(keyOf(pipeline))?.clientKey;
        if (clientKey !== undefined) {
          deps.reportChange(clientKey);
        }
        for (const [reason, message] of newFaults(before.conditions ?? [], judged, ending)) {
          announce('Warning', reason, message);
        }
      }
    },
  };
}
