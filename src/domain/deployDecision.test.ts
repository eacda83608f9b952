import { describe, expect, it } from 'vitest';
import type { DagView } from './dagView.ts';
import {
  decideDeploy,
  isDrift,
  type DeployAttempt,
  type DeployDecision,
  type DeployFacts,
} from './deployDecision.ts';
import { appendMark, createMark } from './mark.ts';

const NOW = 1_000_000;
const hash = 'a'.repeat(64);
const otherHash = 'b'.repeat(64);
const owner = { ownerId: 'default', namespace: 'team-a', name: 'orders' };
const stranger = { ...owner, namespace: 'team-b' };
const timing = { registration: 600_000, verification: 60_000, recovery: 60_000 };

const dag = {
  dagId: 'orders',
  isPaused: false,
  isActive: true,
  hasImportErrors: false,
  fileLocation: '/dags/orders.py',
};

function marked(who: typeof owner, configHash: string, more: Partial<DagView> = {}): DagView {
  const description = appendMark('Orders', createMark(who, configHash));
  return { registered: true, dag: { ...dag, description }, runs: [], ...more };
}

const absent: DagView = { registered: false, runs: [] };
const unmarked: DagView = { registered: true, dag: { ...dag, description: 'by hand' }, runs: [] };
const unseen: DagView = { registered: true, runs: [] };
const ours = marked(owner, hash);
const outdated = marked(owner, otherHash);
const foreign = marked(stranger, hash);
const stale: DagView = {
  ...ours,
  dag: { ...dag, description: ours.dag?.description ?? '', isActive: false },
};
const ofLoader: DagView = {
  ...ours,
  dag: { ...dag, description: ours.dag?.description ?? '', fileLocation: '/dags/mounted/loader-07.py' },
};
const standIn: DagView = {
  registered: true,
  dag: {
    ...dag,
    description: 'Cannot be built: no answer [ingestion.open-metadata.org failed]',
    fileLocation: '/dags/mounted/loader-07.py',
  },
  runs: [],
};
const broken: DagView = { ...absent, importError: 'SyntaxError' };
const oursBroken: DagView = { ...ours, importError: 'SyntaxError' };
const staleBroken: DagView = { ...stale, importError: 'SyntaxError' };

function attempt(state: DeployAttempt['state'], age = 1_000, ofHash = hash): DeployAttempt {
  return { delivery: 'ManagedAPI', hash: ofHash, time: NOW - age, state };
}

function mounted(state: DeployAttempt['state']): DeployAttempt {
  return { ...attempt(state), delivery: 'ConfigMap' };
}

function facts(view: DagView, last?: DeployAttempt, adopt = false): DeployFacts {
  return { owner, hash, view, attempt: last, adopt, recoveredAt: undefined, now: NOW, timing };
}

function decide(...situation: Parameters<typeof facts>): string {
  const decision = decideDeploy(facts(...situation));
  return decision.kind === 'deploy' ? `deploy ${decision.cause}` : decision.kind;
}

const views = { absent, unmarked, unseen, ours, outdated, foreign, stale, broken, oursBroken, staleBroken };
const attempts = [
  undefined,
  ...[hash, otherHash].flatMap((ofHash) =>
    [1_000, 700_000].flatMap((age) => [
      attempt('accepted', age, ofHash),
      attempt('registered', age, ofHash),
      attempt('unknown', age, ofHash),
      attempt('broken', age, ofHash),
      attempt('refused', age, ofHash),
    ]),
  ),
];

describe('what to do about a deploy', () => {
  it.each<[string, DagView, DeployAttempt | undefined, string]>([
    ['Airflow runs what is declared', ours, attempt('registered'), 'upToDate'],
    ['Airflow runs what is declared, and nobody remembers why', ours, undefined, 'upToDate'],
    ['Airflow runs what was accepted a moment ago', ours, attempt('accepted'), 'upToDate'],
    ['Airflow runs what was sent, and no answer was seen', ours, attempt('unknown'), 'upToDate'],
    ['there is nothing yet', absent, undefined, 'deploy created'],
    ['only the loader stands by', ofLoader, undefined, 'deploy created'],
    ['the loader has stepped in, as the volume was lost', ofLoader, attempt('registered'), 'deploy missing'],
    [
      'the loader stands by, and it was accepted a moment ago',
      ofLoader,
      attempt('accepted'),
      'awaitRegistration',
    ],
    ['the loader cannot even build it', standIn, attempt('registered'), 'deploy missing'],
    ['it was delivered by a mount until now', ofLoader, mounted('registered'), 'deploy changed'],
    [
      'a mount was to deliver it, and the loader could not build it',
      standIn,
      mounted('broken'),
      'deploy changed',
    ],
    ['a mount was to deliver it, and it is nowhere', absent, mounted('accepted'), 'deploy retried'],
    ['a mount was to take it over, and has not', ours, mounted('accepted'), 'upToDate'],
    ['a mount was to take over an older one, and has not', outdated, mounted('accepted'), 'deploy changed'],
    ['it was accepted a moment ago', absent, attempt('accepted'), 'awaitRegistration'],
    ['it was accepted long ago', absent, attempt('accepted', 600_000), 'registrationTimedOut'],
    ['it was sent a moment ago, and no answer was seen', absent, attempt('unknown'), 'verify'],
    ['it was sent long ago, and no answer was seen', absent, attempt('unknown', 60_000), 'deploy retried'],
    ['it was refused', absent, attempt('refused'), 'deploy retried'],
    ['another configuration was accepted', absent, attempt('accepted', 0, otherHash), 'deploy retried'],
    ['it was there and is gone', absent, attempt('registered'), 'deploy missing'],
    ['only its row is left', stale, attempt('registered'), 'deploy missing'],
    ['only its row is left, and it was deployed again', stale, attempt('accepted'), 'awaitRegistration'],
    ['it cannot be imported', broken, attempt('accepted'), 'importError'],
    ['it can no longer be imported', oursBroken, attempt('registered'), 'deploy broken'],
    [
      'it can no longer be imported, and only its row is left',
      staleBroken,
      attempt('registered'),
      'deploy broken',
    ],
    ['it can no longer be imported, and was sent again', oursBroken, attempt('accepted'), 'importError'],
    ['it cannot be imported, as was known', oursBroken, attempt('broken'), 'importError'],
    [
      'it cannot be imported, and the first try for it was refused',
      oursBroken,
      attempt('refused'),
      'deploy broken',
    ],
    ['it can be imported again', ours, attempt('broken'), 'upToDate'],
    ['it could not be imported, and is gone by now', absent, attempt('broken'), 'deploy missing'],
    ['it could not be imported, and only its row is left', stale, attempt('broken'), 'deploy missing'],
    ['somebody deployed over what could not be imported', unmarked, attempt('broken'), 'deploy edited'],
    [
      'another configuration could not be imported',
      broken,
      attempt('accepted', 0, otherHash),
      'deploy retried',
    ],
    [
      'another configuration is declared than runs',
      outdated,
      attempt('registered', 0, otherHash),
      'deploy changed',
    ],
    ['the new configuration was accepted a moment ago', outdated, attempt('accepted'), 'awaitRegistration'],
    ['the new configuration was refused', outdated, attempt('refused'), 'deploy changed'],
    [
      'somebody deployed another configuration under our mark',
      outdated,
      attempt('registered'),
      'deploy edited',
    ],
    ['somebody deployed over it', unmarked, attempt('registered'), 'deploy edited'],
    ['somebody deployed over it, and it was sent again', unmarked, attempt('accepted'), 'awaitRegistration'],
    ['somebody was there first', unmarked, undefined, 'dagExists'],
    ['it belongs to somebody else', foreign, undefined, 'ownedByOther'],
    ['it belongs to somebody else by now', foreign, attempt('registered'), 'ownedByOther'],
    ['no description can be read, and it was taken', unseen, attempt('accepted'), 'upToDate'],
    ['no description can be read, and it was there', unseen, attempt('registered'), 'upToDate'],
    [
      'no description can be read, and another one was taken',
      unseen,
      attempt('registered', 0, otherHash),
      'deploy changed',
    ],
    ['no description can be read, and no answer was seen', unseen, attempt('unknown'), 'verify'],
    ['no description can be read, and nothing was deployed', unseen, undefined, 'dagExists'],
  ])('where %s', (_, view, last, expected) => {
    expect(decide(view, last)).toBe(expected);
  });

  it.each<[string, DagView, DeployAttempt | undefined, string]>([
    ['somebody was there first', unmarked, undefined, 'deploy adopted'],
    ['it belongs to somebody else', foreign, undefined, 'deploy adopted'],
    ['it was sent to take over', foreign, attempt('accepted'), 'awaitRegistration'],
    ['no description can be read', unseen, undefined, 'deploy adopted'],
    ['there is nothing yet', absent, undefined, 'deploy created'],
    ['it is ours already', ours, undefined, 'upToDate'],
  ])('with adopt, where %s', (_, view, last, expected) => {
    expect(decide(view, last, true)).toBe(expected);
  });

  it('says until when it waits', () => {
    expect(decideDeploy(facts(absent, attempt('accepted', 1_000)))).toEqual({
      kind: 'awaitRegistration',
      until: NOW - 1_000 + timing.registration,
    });
    expect(decideDeploy(facts(absent, attempt('unknown', 1_000)))).toEqual({
      kind: 'verify',
      until: NOW - 1_000 + timing.verification,
    });
  });

  it("names the owner, and gives Airflow's own text", () => {
    expect(decideDeploy(facts(foreign))).toEqual({ kind: 'ownedByOther', owner: stranger });
    expect(decideDeploy(facts(broken, attempt('accepted')))).toEqual({
      kind: 'importError',
      message: 'SyntaxError',
    });
  });

  it('never touches the DAG of somebody else without adopt, whatever is remembered', () => {
    for (const last of attempts) {
      expect(decide(foreign, last)).toBe('ownedByOther');
    }
  });

  it('never repeats what Airflow has accepted or may have got, as long as it may turn out well', () => {
    for (const view of Object.values(views)) {
      for (const state of ['accepted', 'unknown'] as const) {
        for (const adopt of [false, true]) {
          expect(decide(view, attempt(state), adopt)).not.toMatch(/^deploy /);
        }
      }
    }
  });

  it('is done with whatever carries our mark with our hash, whatever is remembered', () => {
    for (const last of attempts) {
      expect(decide(ours, last)).toBe('upToDate');
    }
  });
});

describe('shortly after Airflow has come back', () => {
  function decideAfter(milliseconds: number, view: DagView, last?: DeployAttempt): DeployDecision {
    return decideDeploy({ ...facts(view, last), recoveredAt: NOW - milliseconds });
  }

  it('a DAG that was there is waited for', () => {
    const until = NOW - 1_000 + timing.recovery;

    expect(decideAfter(1_000, absent, attempt('registered'))).toEqual({ kind: 'awaitRecovery', until });
    expect(decideAfter(1_000, absent, attempt('broken'))).toEqual({ kind: 'awaitRecovery', until });
  });

  it('a DAG that does not show in time is deployed', () => {
    const decision = decideAfter(timing.recovery, absent, attempt('registered'));

    expect(decision).toEqual({ kind: 'deploy', cause: 'missing' });
  });

  it('what was never there is deployed, and so is what has lost its file', () => {
    expect(decideAfter(1_000, absent)).toEqual({ kind: 'deploy', cause: 'created' });
    expect(decideAfter(1_000, stale, attempt('registered'))).toEqual({ kind: 'deploy', cause: 'missing' });
  });
});

describe('drift', () => {
  it('is what undoes a change by somebody else, and nothing that was declared', () => {
    const causes = Object.values(views).flatMap((view) =>
      attempts.flatMap((last) => [decideDeploy(facts(view, last)), decideDeploy(facts(view, last, true))]),
    );
    const drifts = causes
      .filter(isDrift)
      .map((decision) => (decision.kind === 'deploy' ? decision.cause : ''));

    expect(new Set(drifts)).toEqual(new Set(['missing', 'edited', 'broken']));
  });
});
