import type { Dag } from './dag.ts';
import type { DagView } from './dagView.ts';
import { shardOfLoader } from './loaderFile.ts';
import { createMark, readMark, sameOwner, type Owner } from './mark.ts';
import { buildErrorOf } from './standIn.ts';

/** How the last attempt to deploy ended, as far as anybody knows. */
export type AttemptState =
  /** Airflow answered 200: the scheduler will register the DAG in its own time. */
  | 'accepted'
  /** It was seen in Airflow with the right mark. */
  | 'registered'
  /** Sent, or about to be, and no answer seen: the operator died, or the connection did. */
  | 'unknown'
  /** Airflow had its file, and could not import it. */
  | 'broken'
  /** Airflow refused it. */
  | 'refused';

export interface DeployAttempt {
  readonly delivery: 'ManagedAPI' | 'ConfigMap';
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly state: AttemptState;
}

export interface DeployFacts {
  readonly owner: Owner;
  /** Hash of the configuration that should run. */
  readonly hash: string;
  readonly view: DagView;
  readonly attempt: DeployAttempt | undefined;
  readonly adopt: boolean;
  /** Since when Airflow answers again, where it did not before. */
  readonly recoveredAt: number | undefined;
  readonly now: number;
  readonly timing: DeployTiming;
}

/** Milliseconds. */
export interface DeployTiming {
  /** How long the scheduler may take to register an accepted DAG. */
  readonly registration: number;
  /** How long to look for the trace of an attempt with an unknown end before it is repeated. */
  readonly verification: number;
  /** How long an Airflow that answers again may take to show the DAGs whose files it has. */
  readonly recovery: number;
}

export type DeployCause = 'created' | 'changed' | 'missing' | 'edited' | 'broken' | 'adopted' | 'retried';

const DRIFTS: ReadonlySet<DeployCause> = new Set(['missing', 'edited', 'broken']);

export type DeployDecision =
  | { readonly kind: 'upToDate' }
  | { readonly kind: 'deploy'; readonly cause: DeployCause }
  | { readonly kind: 'awaitRegistration'; readonly until: number }
  | { readonly kind: 'awaitRecovery'; readonly until: number }
  | { readonly kind: 'verify'; readonly until: number }
  | { readonly kind: 'registrationTimedOut' }
  | { readonly kind: 'importError'; readonly message: string }
  | { readonly kind: 'dagExists' }
  | { readonly kind: 'ownedByOther'; readonly owner: Owner };

/** Compares what Airflow runs with what should run. Airflow's own words (the mark) count for more than our memory. */
export function decideDeploy(facts: DeployFacts): DeployDecision {
  const { dag, registered } = facts.view;
  if (dag === undefined && registered) {
    return decideUnseen(facts);
  }
  if (dag === undefined || !dag.isActive) {
    return decideWithoutDag(facts);
  }
  const mark = readMark(dag.description);
  if (mark !== undefined && !sameOwner(mark.owner, facts.owner)) {
    return facts.adopt ? pendingOr(facts, 'adopted') : { kind: 'ownedByOther', owner: mark.owner };
  }
  if (isMadeByLoader(dag)) {
    return pendingOr(facts, causeOverLoader(facts.attempt));
  }
  if (mark === undefined) {
    return decideUnmarked(facts);
  }
  if (mark.hash !== createMark(facts.owner, facts.hash).hash) {
    return pendingOr(facts, causeOfDifference(facts));
  }
  return facts.view.importError === undefined ? { kind: 'upToDate' } : pendingOr(facts, 'broken');
}

/** True where the decision undoes a change that was made in Airflow behind the operator's back. */
export function isDrift(decision: DeployDecision): boolean {
  return decision.kind === 'deploy' && DRIFTS.has(decision.cause);
}

/** Whether the DAG is of a mounted document, which only stands by where documents are posted. */
function isMadeByLoader({ fileLocation, description }: Dag): boolean {
  const isOurs = readMark(description) !== undefined || buildErrorOf(description) !== undefined;
  return isOurs && shardOfLoader(fileLocation) !== undefined;
}

/** The file that the plugin has made is not there: not yet, not any more, or not since the delivery was another. */
function causeOverLoader(attempt: DeployAttempt | undefined): DeployCause {
  if (attempt === undefined) {
    return 'created';
  }
  return attempt.delivery === 'ConfigMap' ? 'changed' : 'missing';
}

/** Airflow knows the DAG but shows no description (no core API): only our own memory tells what runs. */
function decideUnseen(facts: DeployFacts): DeployDecision {
  const { attempt } = facts;
  if (attempt === undefined) {
    return facts.adopt ? { kind: 'deploy', cause: 'adopted' } : { kind: 'dagExists' };
  }
  const taken = attempt.state === 'accepted' || attempt.state === 'registered';
  return taken && isOfThis(attempt, facts) ? { kind: 'upToDate' } : pendingOr(facts, 'changed');
}

function decideWithoutDag(facts: DeployFacts): DeployDecision {
  if (wasThere(facts)) {
    return facts.view.importError === undefined ? decideMissing(facts) : pendingOr(facts, 'broken');
  }
  return pendingOr(facts, facts.attempt === undefined ? 'created' : 'retried');
}

/** After a restart with a new database Airflow shows no DAG before its scheduler has read the files. */
function decideMissing(facts: DeployFacts): DeployDecision {
  const { view, recoveredAt, timing, now } = facts;
  const until = (recoveredAt ?? -Infinity) + timing.recovery;
  return view.dag === undefined && now < until
    ? { kind: 'awaitRecovery', until }
    : { kind: 'deploy', cause: 'missing' };
}

function decideUnmarked(facts: DeployFacts): DeployDecision {
  if (facts.attempt !== undefined) {
    return pendingOr(facts, 'edited');
  }
  return facts.adopt ? pendingOr(facts, 'adopted') : { kind: 'dagExists' };
}

function causeOfDifference(facts: DeployFacts): DeployCause {
  return wasThere(facts) ? 'edited' : 'changed';
}

/** Whether Airflow is known to have had this configuration. */
function wasThere(facts: DeployFacts): boolean {
  const { attempt } = facts;
  return (
    attempt !== undefined &&
    isOfThis(attempt, facts) &&
    (attempt.state === 'registered' || attempt.state === 'broken')
  );
}

/** Whether it was this configuration, and was posted. */
function isOfThis({ hash, delivery }: DeployAttempt, facts: DeployFacts): boolean {
  return hash === facts.hash && delivery === 'ManagedAPI';
}

/** Deploys, unless an attempt with the same configuration may still turn out well. */
function pendingOr(facts: DeployFacts, cause: DeployCause): DeployDecision {
  const { attempt, now, timing, view } = facts;
  if (attempt === undefined || !isOfThis(attempt, facts)) {
    return { kind: 'deploy', cause };
  }
  switch (attempt.state) {
    case 'registered':
    case 'refused':
      return { kind: 'deploy', cause };
    case 'unknown': {
      const until = attempt.time + timing.verification;
      return now < until ? { kind: 'verify', until } : { kind: 'deploy', cause };
    }
    case 'broken':
      // Sent once more it would be the same. An error that is gone without a DAG has gone with its file.
      return view.importError === undefined
        ? { kind: 'deploy', cause }
        : { kind: 'importError', message: view.importError };
    case 'accepted': {
      if (view.importError !== undefined) {
        return { kind: 'importError', message: view.importError };
      }
      const until = attempt.time + timing.registration;
      return now < until ? { kind: 'awaitRegistration', until } : { kind: 'registrationTimedOut' };
    }
    default:
      return attempt.state satisfies never;
  }
}
