import { describe, expect, it } from 'vitest';
import type { Dag } from './dag.ts';
import type { DagRun } from './dagRun.ts';
import type { DagView } from './dagView.ts';
import type { DeployAttempt } from './deployDecision.ts';
import { appendMark, createMark } from './mark.ts';
import { decideMount, findStranger, type MountFacts } from './mountDecision.ts';

const NOW = 1_000_000_000;
const PATIENCE = 420_000;
const hash = 'a'.repeat(64);
const otherHash = 'b'.repeat(64);
const owner = { ownerId: 'default', namespace: 'team-a', name: 'orders' };
const stranger = { ...owner, namespace: 'team-b' };

const dag: Dag = {
  dagId: 'orders',
  description: appendMark('Orders', createMark(owner, hash)),
  isPaused: false,
  isActive: true,
  hasImportErrors: false,
  lastParsedTime: new Date(NOW - 1_000).toISOString(),
  fileLocation: '/dags/dag_generated_configs/loader-07.py',
};
const run: DagRun = { dagId: 'orders', runId: 'manual__1', state: 'running', trigger: 'manual' };

function view(changes: Partial<Dag> = {}, more: Partial<DagView> = {}): DagView {
  return { registered: true, dag: { ...dag, ...changes }, runs: [], ...more };
}

function marked(who: typeof owner, configHash: string): Partial<Dag> {
  return { description: appendMark('', createMark(who, configHash)) };
}

const OF_PLUGIN: Partial<Dag> = { fileLocation: '/dags/orders.py' };
const absent: DagView = { registered: false, runs: [] };
const standIn = view({ description: 'Cannot be built: no answer [ingestion.open-metadata.org failed]' });

function attempt(
  state: DeployAttempt['state'],
  age = 1_000,
  more: Partial<DeployAttempt> = {},
): DeployAttempt {
  return { delivery: 'ConfigMap', hash, time: NOW - age, state, ...more };
}

const posted = attempt('registered', 1_000, { delivery: 'ManagedAPI' });

function facts(of: DagView, last?: DeployAttempt, more: Partial<MountFacts> = {}): MountFacts {
  return {
    owner,
    hash,
    view: of,
    attempt: last,
    adopt: false,
    missedSince: undefined,
    now: NOW,
    patience: PATIENCE,
    ...more,
  };
}

type Row = [situation: string, facts: MountFacts, decision: object];

const upToDate = { kind: 'upToDate' };
const mountNotSeen = { kind: 'mountNotSeen' };
const handOver = { kind: 'handOver', isDrift: false };

function awaits(since: number, wasThere = false): object {
  return { kind: 'awaitMount', until: NOW - since + PATIENCE, wasThere };
}

describe('what to do about a mounted document', () => {
  it.each<Row>([
    ['Airflow runs it', facts(view(), attempt('registered')), upToDate],
    ['Airflow has just begun to run it', facts(view(), attempt('accepted')), upToDate],
    ['Airflow runs it, and nobody remembers why', facts(view()), upToDate],
    ['nobody knows of it yet', facts(absent), awaits(0)],
    ['it was written a moment ago', facts(absent, attempt('accepted')), awaits(1_000)],
    ['it was written long ago', facts(absent, attempt('accepted', PATIENCE)), mountNotSeen],
    [
      'an older one was written long ago',
      facts(absent, attempt('accepted', PATIENCE, { hash: otherHash })),
      awaits(0),
    ],
    [
      'it is another one that Airflow runs',
      facts(view(marked(owner, otherHash)), attempt('accepted')),
      awaits(1_000),
    ],
    [
      'it is another one that Airflow runs, and that was known',
      facts(view(marked(owner, otherHash)), attempt('registered', 1_000, { hash: otherHash })),
      awaits(0),
    ],
    ['the DAG has gone', facts(absent, attempt('registered', PATIENCE)), awaits(0, true)],
    ['the DAG went stale', facts(view({ isActive: false }), attempt('registered')), awaits(0, true)],
    [
      'the DAG is missed for a while',
      facts(absent, attempt('registered', PATIENCE), { missedSince: NOW - 5_000 }),
      awaits(5_000, true),
    ],
    [
      'the DAG is missed for long',
      facts(absent, attempt('registered'), { missedSince: NOW - PATIENCE }),
      mountNotSeen,
    ],
    [
      'the loader cannot build it',
      facts(standIn, attempt('accepted')),
      { kind: 'importError', message: 'no answer' },
    ],
    [
      'the loader itself cannot be imported',
      facts(view({}, { importError: 'no module' }), attempt('registered')),
      { kind: 'importError', message: 'no module' },
    ],
    [
      'only the plugin can be asked, a moment after',
      facts({ registered: true, runs: [] }, attempt('accepted')),
      awaits(1_000),
    ],
    [
      'only the plugin can be asked, long after',
      facts({ registered: true, runs: [] }, attempt('accepted', PATIENCE)),
      upToDate,
    ],
    [
      'only the plugin can be asked, about a DAG of others',
      facts({ registered: true, runs: [] }),
      { kind: 'dagExists' },
    ],
  ])('when %s', (_, situation, decision) => {
    expect(decideMount(situation)).toEqual(decision);
  });
});

describe("what to do about the plugin's file", () => {
  it.each<Row>([
    ['it was posted until now', facts(view(OF_PLUGIN), posted), handOver],
    ['it was posted, and is paused', facts(view({ ...OF_PLUGIN, isPaused: true }), posted), handOver],
    [
      'an older configuration was posted',
      facts(view({ ...OF_PLUGIN, ...marked(owner, otherHash) }), posted),
      handOver,
    ],
    [
      'a run is under way',
      facts(view(OF_PLUGIN, { runs: [run] }), posted),
      { kind: 'awaitRun', runId: 'manual__1', isCurrent: true },
    ],
    [
      'a run of an older configuration is queued',
      facts(
        view({ ...OF_PLUGIN, ...marked(owner, otherHash) }, { runs: [{ ...run, state: 'queued' }] }),
        posted,
      ),
      { kind: 'awaitRun', runId: 'manual__1', isCurrent: false },
    ],
    [
      'a run is queued that cannot begin',
      facts(view({ ...OF_PLUGIN, isPaused: true }, { runs: [{ ...run, state: 'queued' }] }), posted),
      handOver,
    ],
    [
      'the last run has ended',
      facts(view(OF_PLUGIN, { runs: [{ ...run, state: 'failed' }] }), posted),
      handOver,
    ],
    ['it was taken away a moment ago', facts(view(OF_PLUGIN), attempt('accepted')), awaits(1_000)],
    [
      'it was taken away, and is parsed all the same',
      facts(view(OF_PLUGIN), attempt('accepted', 120_000)),
      handOver,
    ],
    [
      'it was taken away, and is not parsed any more',
      facts(
        view({ ...OF_PLUGIN, lastParsedTime: new Date(NOW - 119_000).toISOString() }),
        attempt('accepted', 120_000),
      ),
      awaits(120_000),
    ],
    [
      'somebody has deployed over the mounted DAG',
      facts(view({ ...OF_PLUGIN, description: '' }), attempt('registered')),
      { kind: 'handOver', isDrift: true },
    ],
    ['it cannot be imported', facts({ ...absent, importError: 'SyntaxError' }, posted), handOver],
    [
      'it could not be imported, and was taken away a moment ago',
      facts({ ...absent, importError: 'SyntaxError' }, attempt('accepted')),
      awaits(1_000),
    ],
    [
      'the DAG is to be adopted',
      facts(view({ ...OF_PLUGIN, description: '' }), undefined, { adopt: true }),
      handOver,
    ],
  ])('when %s', (_, situation, decision) => {
    expect(decideMount(situation)).toEqual(decision);
  });
});

describe('a DAG of somebody else', () => {
  it.each<Row>([
    ['without a mark', facts(view({ ...OF_PLUGIN, description: '' })), { kind: 'dagExists' }],
    [
      'in a file of their own',
      facts(view({ fileLocation: '/dags/own.py', description: '' })),
      { kind: 'dagExists' },
    ],
    [
      'in a file of their own, to be adopted',
      facts(view({ fileLocation: '/dags/own.py', description: '' }), attempt('registered'), { adopt: true }),
      { kind: 'dagExists' },
    ],
    ['with their mark', facts(view(marked(stranger, hash))), { kind: 'ownedByOther', owner: stranger }],
  ])('%s is left alone', (_, situation, decision) => {
    expect(decideMount(situation)).toEqual(decision);
    expect(findStranger(situation)).toEqual(decision);
  });

  it.each<[string, MountFacts]>([
    ['there is none', facts(absent)],
    ['only its row is left', facts(view({ isActive: false, description: '' }))],
    ['it is ours', facts(view())],
    ['it stands in for ours', facts(standIn)],
    ['it is to be adopted', facts(view(marked(stranger, hash)), undefined, { adopt: true })],
  ])('is not seen where %s', (_, situation) => {
    expect(findStranger(situation)).toBeUndefined();
  });
});
