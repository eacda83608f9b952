import type { Dag } from './dag.ts';
import type { DagRun } from './dagRun.ts';
import type { DagView } from './dagView.ts';
import type { DeployAttempt } from './deployDecision.ts';
import { shardOfLoader } from './loaderFile.ts';
import { createMark, readMark, sameOwner, type Owner } from './mark.ts';
import { buildErrorOf } from './standIn.ts';

/** How long after a take-over Airflow may still be parsing the file that was there before; clocks may differ by it, too. */
const SETTLING = 60_000;

export interface MountFacts {
  readonly owner: Owner;
  /** Hash of the configuration that should run. */
  readonly hash: string;
  readonly view: DagView;
  /** Since when the document has stood where Airflow mounts it, or was posted. */
  readonly attempt: DeployAttempt | undefined;
  readonly adopt: boolean;
  /** Since when a DAG that was there has been missed. */
  readonly missedSince: number | undefined;
  readonly now: number;
  /** Milliseconds that a document may take to come out of the mount as a DAG. */
  readonly patience: number;
}

export type MountDecision =
  | { readonly kind: 'upToDate' }
  /** `wasThere`: it ran this configuration already, and comes back by itself. */
  | { readonly kind: 'awaitMount'; readonly until: number; readonly wasThere: boolean }
  | { readonly kind: 'mountNotSeen' }
  /** The plugin's file stands in the way of the loader: it has to go. */
  | { readonly kind: 'handOver'; readonly isDrift: boolean }
  /** The same, once this run has ended. `isCurrent`: until then the DAG runs what is declared. */
  | { readonly kind: 'awaitRun'; readonly runId: string; readonly isCurrent: boolean }
  | { readonly kind: 'importError'; readonly message: string }
  | { readonly kind: 'dagExists' }
  | { readonly kind: 'ownedByOther'; readonly owner: Owner };

/** Compares what Airflow runs with the document that it is to find in its mount. */
export function decideMount(facts: MountFacts): MountDecision {
  const { dag, registered, importError } = facts.view;
  if (dag === undefined && registered) {
    return decideUnseen(facts);
  }
  if (dag === undefined || !dag.isActive) {
    // Only the plugin's file has a name that tells of a DAG which nobody knows; and while it is there, the loader yields.
    return importError === undefined || isGoing(facts, dag) ? awaitDag(facts) : handOver(facts);
  }
  const stranger = findStranger(facts);
  if (stranger !== undefined) {
    return stranger;
  }
  return shardOfLoader(dag.fileLocation) === undefined
    ? decideTakeOver(facts, dag)
    : decideLoaded(facts, dag);
}

/** Whether the DAG, if there is one, is somebody else's; asked also before a document is put where a loader reads it. */
export function findStranger({
  owner,
  view: { dag },
  attempt,
  adopt,
}: Pick<MountFacts, 'owner' | 'view' | 'attempt' | 'adopt'>):
  | Extract<MountDecision, { kind: 'dagExists' | 'ownedByOther' }>
  | undefined {
  if (dag === undefined || !dag.isActive) {
    return undefined;
  }
  const mark = readMark(dag.description);
  if (mark !== undefined) {
    return adopt || sameOwner(mark.owner, owner) ? undefined : { kind: 'ownedByOther', owner: mark.owner };
  }
  if (shardOfLoader(dag.fileLocation) !== undefined && buildErrorOf(dag.description) !== undefined) {
    return undefined;
  }
  // A file of somebody's own cannot be made to yield.
  const canYield = isOfPlugin(dag) && (adopt || attempt !== undefined);
  return canYield ? undefined : { kind: 'dagExists' };
}

/** Airflow knows the DAG but shows no description (no core API): when its time is over, it has read the document. */
function decideUnseen(facts: MountFacts): MountDecision {
  if (facts.attempt === undefined && !facts.adopt) {
    return { kind: 'dagExists' };
  }
  const decision = awaitDag(facts);
  return decision.kind === 'mountNotSeen' ? { kind: 'upToDate' } : decision;
}

function decideLoaded(facts: MountFacts, { description }: Dag): MountDecision {
  const error = facts.view.importError ?? buildErrorOf(description);
  if (error !== undefined) {
    return { kind: 'importError', message: error };
  }
  return isCurrent(facts, description) ? { kind: 'upToDate' } : awaitDag(facts);
}

function decideTakeOver(facts: MountFacts, dag: Dag): MountDecision {
  if (isGoing(facts, dag)) {
    return awaitDag(facts);
  }
  const run = facts.view.runs.find((candidate) => canEnd(candidate, dag));
  return run === undefined
    ? handOver(facts)
    : { kind: 'awaitRun', runId: run.runId, isCurrent: isCurrent(facts, dag.description) };
}

function handOver(facts: MountFacts): MountDecision {
  return { kind: 'handOver', isDrift: wasThere(facts) };
}

/** A queued run of a paused DAG does not begin, however long one waits. */
function canEnd({ state }: DagRun, { isPaused }: Dag): boolean {
  return state === 'running' || (state === 'queued' && !isPaused);
}

/** Whether the plugin's file was taken away: its DAG may be known for a while, but it is not parsed any more. */
function isGoing(facts: MountFacts, dag: Dag | undefined): boolean {
  const { attempt, now } = facts;
  if (attempt === undefined || !isOfThis(attempt, facts) || attempt.state !== 'accepted') {
    return false;
  }
  const parsed = dag?.lastParsedTime === undefined ? now : Date.parse(dag.lastParsedTime);
  return parsed < attempt.time + SETTLING;
}

function awaitDag(facts: MountFacts): MountDecision {
  const until = waitingSince(facts) + facts.patience;
  return facts.now < until
    ? { kind: 'awaitMount', until, wasThere: wasThere(facts) }
    : { kind: 'mountNotSeen' };
}

function waitingSince(facts: MountFacts): number {
  const { attempt, now, missedSince = now } = facts;
  if (attempt === undefined || !isOfThis(attempt, facts)) {
    return now;
  }
  return attempt.state === 'registered' ? missedSince : attempt.time;
}

function wasThere(facts: MountFacts): boolean {
  const { attempt } = facts;
  return attempt !== undefined && isOfThis(attempt, facts) && attempt.state === 'registered';
}

/** Whether it was this configuration, and was mounted. */
function isOfThis({ hash, delivery }: DeployAttempt, facts: MountFacts): boolean {
  return hash === facts.hash && delivery === 'ConfigMap';
}

function isCurrent({ owner, hash }: MountFacts, description: string): boolean {
  const mark = readMark(description);
  return mark !== undefined && sameOwner(mark.owner, owner) && mark.hash === createMark(owner, hash).hash;
}

function isOfPlugin({ fileLocation, dagId }: Dag): boolean {
  return fileLocation === `${dagId}.py` || fileLocation.endsWith(`/${dagId}.py`);
}
