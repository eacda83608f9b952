import { AirflowError } from '../../airflow/airflowError.ts';
import type { Condition } from '../../api/condition.ts';
import type { PipelineConditionType } from '../../api/conditionTypes.ts';
import { findCondition, type Verdict } from '../../domain/conditions.ts';
import type { DagView } from '../../domain/dagView.ts';
import { decideEnable } from '../../domain/enableDecision.ts';
import type { Connection } from '../shared/connection.ts';
import { stalled, waiting } from '../shared/halt.ts';
import { STAYS } from './deployEvents.ts';
import type { Pass } from './pass.ts';

const RECHECK = 60_000;
const RETRY_UNREGISTERED = 2_000;

/** What stays on the status where the call fails: then the DAG is not as wanted by nobody's doing. */
const UNANSWERED: Verdict<PipelineConditionType> = {
  type: 'Enabled',
  status: 'Unknown',
  reason: 'UnknownOutcome',
  message: 'Whether Airflow has changed the pause of the DAG is not known.',
};

/** Unpauses the DAG, or pauses it where the pipeline is suspended. Returns what Airflow knows afterwards. */
export async function enable(pass: Pass, connection: Connection, view: DagView): Promise<DagView> {
  const suspend = pass.pipeline.spec.suspend === true;
  const decision = decideEnable({
    isPaused: view.dag?.isPaused,
    suspend,
    convergedBefore: hasConverged(pass),
    driftPolicy: pass.pipeline.spec.driftPolicy ?? 'Correct',
  });
  switch (decision.kind) {
    case 'asWanted':
      judge(pass, suspend);
      return view;
    case 'reportDrift':
      throw stalled(
        { type: 'Enabled', reason: 'DriftDetected', message: describe(suspend, `and ${STAYS}`) },
        RECHECK,
      );
    case 'enable':
    case 'disable': {
      if (!decision.isDrift) {
        pass.judge(UNANSWERED);
      }
      const after = await change(pass, connection, decision.kind);
      judge(pass, suspend);
      if (decision.isDrift) {
        pass.announce('Normal', 'DriftCorrected', describe(suspend, 'and was put back.'));
      } else {
        pass.announce(
          'Normal',
          suspend ? 'Disabled' : 'Enabled',
          `${suspend ? 'Paused' : 'Unpaused'} DAG ${pass.dagId}.`,
        );
      }
      return after;
    }
    default:
      return decision satisfies never;
  }
}

/**
 * Whether an earlier pass left the DAG as this generation wants it, and nothing was deployed since, not even by a pass that
 * was cut short. A drift that was only reported is one still, also of a DAG that was gone and came back, paused, by itself.
 */
function hasConverged({ before, generation, noted }: Pass): boolean {
  const conditions = before.conditions ?? [];
  const enabled = findCondition(conditions, 'Enabled');
  return (
    isWellButForDrift(enabled) &&
    enabled?.observedGeneration === generation &&
    isWellButForDrift(findCondition(conditions, 'Deployed')) &&
    noted().deployed?.time === before.deployed?.time
  );
}

function isWellButForDrift(condition: Condition | undefined): boolean {
  return condition?.status === 'True' || condition?.reason === 'DriftDetected';
}

/** What was read before must not be taken for a drift by the next pass. */
async function change(pass: Pass, connection: Connection, verb: 'enable' | 'disable'): Promise<DagView> {
  try {
    await connection.airflow[verb](pass.dagId, pass.signal);
    const view = connection.poller.notePaused(pass.dagId, verb === 'disable');
    return view?.dag === undefined ? await connection.poller.refresh(pass.dagId, pass.signal) : view;
  } catch (error) {
    if (error instanceof AirflowError && error.kind === 'dagNotFound') {
      throw waiting(
        {
          type: 'Enabled',
          reason: 'AwaitingRegistration',
          message: 'The scheduler has not registered the DAG yet, so it cannot be enabled.',
        },
        RETRY_UNREGISTERED,
      );
    }
    throw error;
  }
}

function judge(pass: Pass, suspend: boolean): void {
  pass.judge(
    suspend
      ? {
          type: 'Enabled',
          status: 'True',
          reason: 'Suspended',
          message: 'Paused in Airflow, as spec.suspend says.',
        }
      : { type: 'Enabled', status: 'True', reason: 'Enabled', message: 'Unpaused in Airflow.' },
  );
}

function describe(suspend: boolean, end: string): string {
  return `The DAG was ${suspend ? 'unpaused' : 'paused'} by somebody else ${end}`;
}
