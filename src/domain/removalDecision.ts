import type { Dag } from './dag.ts';
import type { DagView } from './dagView.ts';
import { shardOfLoader } from './loaderFile.ts';
import { readMark, sameOwner, type Owner } from './mark.ts';

export interface RemovalFacts {
  readonly owner: Owner;
  readonly deletionPolicy: 'Delete' | 'Orphan';
  readonly forceOrphan: boolean;
  /** Whether the client resource exists, and whether there are credentials for it, fresh or remembered. */
  readonly client: 'usable' | 'gone' | 'withoutCredentials';
  /** Whether a deploy was ever begun. What was neither begun nor marked is not this resource's to delete. */
  readonly everDeployed: boolean;
  /** How the document reached Airflow last. */
  readonly delivery: 'ManagedAPI' | 'ConfigMap';
  /** Undefined while Airflow cannot be asked. */
  readonly view: DagView | undefined;
}

export type RemovalDecision =
  /** Nothing is left in Airflow, or nothing of it is ours. */
  | { readonly kind: 'finish' }
  | {
      readonly kind: 'orphan';
      readonly because: 'policy' | 'forced' | 'clientGone' | 'credentialsGone';
    }
  | { readonly kind: 'wait' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'stopRuns' }
  /** What the plugin has made goes: files and record. */
  | { readonly kind: 'delete' }
  /** A loader makes the DAG: its document goes, and Airflow is to notice. */
  | { readonly kind: 'withdraw' }
  /** Nothing makes the DAG any more: its record goes. */
  | { readonly kind: 'forget' };

/**
 * The next step of a deletion, from what is there now: pause, stop the runs, delete what makes the DAG, and only then
 * finish. An Airflow that is merely down is waited for.
 */
export function decideRemoval(facts: RemovalFacts): RemovalDecision {
  if (facts.forceOrphan) {
    return { kind: 'orphan', because: 'forced' };
  }
  if (facts.deletionPolicy === 'Orphan') {
    return { kind: 'orphan', because: 'policy' };
  }
  if (!isOurs(facts)) {
    return { kind: 'finish' };
  }
  switch (facts.client) {
    case 'gone':
      return { kind: 'orphan', because: 'clientGone' };
    case 'withoutCredentials':
      return { kind: 'orphan', because: 'credentialsGone' };
    case 'usable':
      return facts.view === undefined ? { kind: 'wait' } : decideInAirflow(facts.view, facts.delivery);
    default:
      return facts.client satisfies never;
  }
}

/** The mark tells; where there is none to read, what was once deployed. */
function isOurs({ view, owner, everDeployed }: RemovalFacts): boolean {
  const mark = readMark(view?.dag?.description ?? '');
  return mark === undefined ? everDeployed : sameOwner(mark.owner, owner);
}

function decideInAirflow(view: DagView, delivery: RemovalFacts['delivery']): RemovalDecision {
  if (!view.registered) {
    return { kind: 'finish' };
  }
  if (view.dag !== undefined && !view.dag.isPaused) {
    return { kind: 'pause' };
  }
  const active = view.runs.some(({ state }) => state === 'queued' || state === 'running');
  return active ? { kind: 'stopRuns' } : decideOnFile(view.dag, delivery);
}

/** The record of a DAG must not go while a file defines it: it would come back. */
function decideOnFile(dag: Dag | undefined, delivery: RemovalFacts['delivery']): RemovalDecision {
  if (dag === undefined) {
    // Without the core API no record can be deleted but by the plugin, which knows nothing of a loader's DAG.
    return { kind: delivery === 'ConfigMap' ? 'finish' : 'delete' };
  }
  if (shardOfLoader(dag.fileLocation) === undefined) {
    return { kind: 'delete' };
  }
  return { kind: dag.isActive ? 'withdraw' : 'forget' };
}
