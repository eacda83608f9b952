import type { Access } from './access.ts';
import { registerAgain } from './deploy.ts';
import type { FakeAirflow, FakeCall, FakeDag, FakeRun } from './fakeAirflow.ts';
import type { Faults } from './faults.ts';
import { settle } from './settle.ts';
import {
  addRun,
  applyParse,
  endRun,
  forgetDag,
  runsNewestFirst,
  setPaused,
  type DagRow,
  type RunRow,
  type User,
  type World,
} from './world.ts';

interface ControlOptions {
  readonly url: string;
  readonly username: string;
  readonly stop: () => Promise<void>;
  readonly world: World;
  readonly access: Access;
  readonly faults: Faults;
  readonly calls: readonly FakeCall[];
}

/** What a test can see and do behind the back of the HTTP API. */
export function createControl(options: ControlOptions): FakeAirflow {
  const { world, access, faults, calls } = options;

  function finishRun(dagId: string, state: 'success' | 'failed', runId?: string): void {
    settle(world);
    const run = runsNewestFirst(world, dagId).find((candidate) =>
      runId === undefined ? candidate.endTime === undefined : candidate.runId === runId,
    );
    if (!run) {
      throw new Error(`the fake Airflow has no such run of ${dagId}`);
    }
    endRun(world, run, state);
  }

  function administrator(): User {
    const user = world.users.get(options.username);
    if (!user) {
      throw new Error('the fake Airflow has no administrator');
    }
    return user;
  }

  return {
    url: options.url,
    username: options.username,
    stop: options.stop,
    get password() {
      return administrator().password;
    },
    dags: () => looked(world, () => [...world.dags.values()].map(visibleDag)),
    dag: (dagId) =>
      looked(world, () => [...world.dags.values()].map(visibleDag).find((dag) => dag.dagId === dagId)),
    runs: (dagId) => looked(world, () => runsNewestFirst(world, dagId).map(visibleRun)),
    deploys: (dagId) =>
      world.deploys
        .filter((entry) => dagId === undefined || entry.dagId === dagId)
        .map((entry) => entry.body),
    files: () => [...world.files.keys()].toSorted(),
    file: (name) => world.files.get(name),
    calls,
    setFault: (fault, target = {}, times = Infinity) => faults.set(fault, target, times),
    clearFaults: () => faults.clear(),
    finishRun,
    startScheduledRun: (dagId) => addRun(world, dagId, 'scheduled').runId,
    pauseByHand: (dagId, paused = true) => setPaused(world, dagRow(world, dagId), paused),
    deleteByHand(dagId) {
      forgetDag(world, dagId);
      world.files.delete(`${dagId}.py`);
      world.files.delete(`${dagId}.json`);
    },
    editByHand(dagId, description) {
      dagRow(world, dagId).description = description;
    },
    mount(read) {
      world.mount.read = read;
    },
    mountedDocument: (dagId) => looked(world, () => world.mount.documents.get(dagId)),
    setBuildError(dagId, reason) {
      if (reason === undefined) {
        world.mount.buildErrors.delete(dagId);
      } else {
        world.mount.buildErrors.set(dagId, reason);
      }
    },
    forgetByHand(dagId) {
      forgetDag(world, dagId);
      registerAgain(world, dagId);
    },
    wipeVolume: () => wipeVolume(world),
    setImportError: (dagId, stackTrace) => setImportError(world, dagId, stackTrace),
    setLog: (dagId, text) => world.logs.set(dagId, text),
    addDag({ dagId, description = '', tags = ['OpenMetadata'], isPaused = false }) {
      applyParse(
        world,
        { dagId, description, tags, pauseOnCreation: isPaused, startsAtParse: false },
        world.clock(),
      );
      dagRow(world, dagId).fileLocation = `${world.profile.dagsFolder}/somebody/dags.py`;
    },
    setPassword(password) {
      administrator().password = password;
    },
    addUser: (username, password, permissions) =>
      world.users.set(username, { password, permissions: new Set(permissions) }),
    revokeTokens: () => access.revokeTokens(),
    denyPermission: (permission) => administrator().permissions.delete(permission),
  };
}

function looked<T>(world: World, look: () => T): T {
  settle(world);
  return look();
}

function dagRow(world: World, dagId: string): DagRow {
  settle(world);
  const row = world.dags.get(dagId);
  if (!row) {
    throw new Error(`the fake Airflow has no DAG ${dagId}`);
  }
  return row;
}

function visibleDag({ dagId, description, isPaused, isActive, tags, fileLocation }: DagRow): FakeDag {
  return { dagId, description, isPaused, isActive, tags, fileLocation };
}

function visibleRun({ dagId, runId, state, trigger, logicalDate, startTime, endTime }: RunRow): FakeRun {
  return { dagId, runId, state, trigger, logicalDate, startTime, endTime };
}

/** DAGs from a mounted loader do not depend on the volume. */
function wipeVolume(world: World): void {
  settle(world);
  for (const row of world.dags.values()) {
    row.isActive = !world.files.has(`${row.dagId}.py`) && row.isActive;
  }
  world.files.clear();
}

function setImportError(world: World, dagId: string, stackTrace: string | undefined): void {
  settle(world);
  const row = world.dags.get(dagId);
  if (row) {
    row.hasImportErrors = stackTrace !== undefined;
  }
  if (stackTrace === undefined) {
    world.importErrors.delete(dagId);
  } else {
    world.importErrors.set(dagId, { stackTrace, at: world.clock() });
  }
}
