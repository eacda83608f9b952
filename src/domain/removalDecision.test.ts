import { describe, expect, it } from 'vitest';
import type { DagRunState } from './dagRun.ts';
import type { DagView } from './dagView.ts';
import { appendMark, createMark } from './mark.ts';
import { decideRemoval, type RemovalFacts } from './removalDecision.ts';

const owner = { ownerId: 'default', namespace: 'team-a', name: 'orders' };
const description = appendMark('', createMark(owner, 'a'.repeat(64)));
const foreign = appendMark('', createMark({ ...owner, ownerId: 'east' }, 'a'.repeat(64)));

const deployed: RemovalFacts = {
  owner,
  deletionPolicy: 'Delete',
  forceOrphan: false,
  client: 'usable',
  everDeployed: true,
  delivery: 'ManagedAPI',
  view: undefined,
};

function view(text: string, isPaused: boolean, ...states: readonly DagRunState[]): DagView {
  const dag = { dagId: 'orders', description: text, isPaused, isActive: true, hasImportErrors: false };
  const runs = states.map((state, index) => ({
    dagId: 'orders',
    runId: `${index}`,
    state,
    trigger: 'manual',
  }));
  return { registered: true, dag: { ...dag, fileLocation: '/dags/orders.py' }, runs };
}

function loaded({ dag, ...rest }: DagView, isActive: boolean): DagView {
  return { ...rest, ...(dag && { dag: { ...dag, isActive, fileLocation: '/dags/mounted/loader-07.py' } }) };
}

const ofLoader = loaded(view(description, true), true);
const staleOfLoader = loaded(view(description, true), false);
const gone: DagView = { registered: false, runs: [] };
const unseen: DagView = { registered: true, runs: [] };

describe('the next step of a deletion', () => {
  it.each<[string, Partial<RemovalFacts>, object]>([
    ['Airflow cannot be asked', {}, { kind: 'wait' }],
    ['the DAG is unpaused', { view: view(description, false, 'running') }, { kind: 'pause' }],
    [
      'it is paused and a run goes on',
      { view: view(description, true, 'failed', 'running') },
      { kind: 'stopRuns' },
    ],
    ['it is paused and a run is queued', { view: view(description, true, 'queued') }, { kind: 'stopRuns' }],
    ['it is paused and nothing runs', { view: view(description, true, 'success') }, { kind: 'delete' }],
    ['a loader makes it', { view: ofLoader }, { kind: 'withdraw' }],
    ['a loader made it, and nothing does now', { view: staleOfLoader }, { kind: 'forget' }],
    [
      'a loader makes it, though it was posted',
      { view: ofLoader, delivery: 'ManagedAPI' },
      { kind: 'withdraw' },
    ],
    [
      'it was to be mounted, and the plugin has a file',
      { view: view(description, true), delivery: 'ConfigMap' },
      { kind: 'delete' },
    ],
    [
      'it was mounted, and only the plugin knows it',
      { view: unseen, delivery: 'ConfigMap' },
      { kind: 'finish' },
    ],
    ['nothing is left in Airflow', { view: gone }, { kind: 'finish' }],
    ['its description is lost, and it was deployed', { view: view('', true) }, { kind: 'delete' }],
    ['it belongs to somebody else', { view: view(foreign, false) }, { kind: 'finish' }],
    ['only the plugin knows it', { view: unseen }, { kind: 'delete' }],
    [
      'only the plugin knows it, with a run',
      { view: { ...view('', true, 'running'), dag: undefined } },
      { kind: 'stopRuns' },
    ],
    ['it was never deployed', { everDeployed: false }, { kind: 'finish' }],
    [
      'it was never deployed, and somebody has such a DAG',
      { everDeployed: false, view: view('', false) },
      { kind: 'finish' },
    ],
    [
      'it carries our mark though nobody remembers it',
      { everDeployed: false, view: view(description, true) },
      { kind: 'delete' },
    ],
    ['the client is gone', { client: 'gone' }, { kind: 'orphan', because: 'clientGone' }],
    [
      'the credentials are gone',
      { client: 'withoutCredentials' },
      { kind: 'orphan', because: 'credentialsGone' },
    ],
    [
      'the client is gone and it was never deployed',
      { client: 'gone', everDeployed: false },
      { kind: 'finish' },
    ],
    [
      'it is to be left behind',
      { deletionPolicy: 'Orphan', client: 'gone' },
      { kind: 'orphan', because: 'policy' },
    ],
    ['it is forced', { forceOrphan: true, deletionPolicy: 'Orphan' }, { kind: 'orphan', because: 'forced' }],
  ])('where %s', (_, changes, expected) => {
    expect(decideRemoval({ ...deployed, ...changes })).toEqual(expected);
  });

  it('leads, step by step, to the end', () => {
    const steps: string[] = [];
    let current = view(description, false, 'running');
    for (let step = decideRemoval({ ...deployed, view: current }); steps.length < 9;) {
      steps.push(step.kind);
      current = afterStep(step.kind, current);
      step = decideRemoval({ ...deployed, view: current });
    }

    expect(steps.slice(0, 4)).toEqual(['pause', 'stopRuns', 'delete', 'finish']);
  });

  it('never changes anything of somebody else', () => {
    for (const isPaused of [true, false]) {
      for (const everDeployed of [true, false]) {
        for (const state of ['running', 'success'] as const) {
          const { kind } = decideRemoval({ ...deployed, everDeployed, view: view(foreign, isPaused, state) });

          expect(kind).toBe('finish');
        }
      }
    }
  });
});

function afterStep(kind: string, before: DagView): DagView {
  switch (kind) {
    case 'pause':
      return view(description, true, 'running');
    case 'stopRuns':
      return view(description, true, 'failed');
    case 'delete':
      return gone;
    default:
      return before;
  }
}
