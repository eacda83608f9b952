import { describe, expect, it } from 'vitest';
import { appendMark, createMark, readMark } from '../../domain/mark.ts';
import { airflowError } from '../testing/airflowDoor.ts';
import type { DagRow } from '../testing/airflowRows.ts';
import { DAG_ID, pipelineManifest } from '../testing/manifests.ts';
import { condition, deployedWorld, message, readyWorld, respecify, type World } from '../testing/world.ts';

function rowOf(world: World): DagRow {
  const row = world.airflow.rows.get(DAG_ID);
  if (row === undefined) {
    throw new Error(`Airflow does not know ${DAG_ID}`);
  }
  return row;
}

function deploys(world: World): number {
  return world.airflow.history.filter((change) => change.startsWith('deploy')).length;
}

const owner = { ownerId: 'default', namespace: 'team-a', name: 'orders' };

describe('with driftPolicy Correct', () => {
  it.each<[string, (world: World) => void]>([
    ['paused by hand', (world) => (rowOf(world).isPaused = true)],
    [
      'deployed over from the OpenMetadata UI, which leaves no mark',
      (world) => (rowOf(world).description = 'by hand'),
    ],
    [
      'changed to another configuration',
      (world) => (rowOf(world).description = appendMark('', createMark(owner, '0'.repeat(64)))),
    ],
    ['lost with its volume', (world) => world.airflow.rows.lose()],
    ['without its file', (world) => (rowOf(world).isActive = false)],
  ])('a DAG that was %s is put back, with one event', async (_, change) => {
    const world = await deployedWorld();
    const mark = readMark(rowOf(world).description);
    change(world);
    world.airflow.afterNext('deploy', () => {
      const row = world.airflow.rows.get(DAG_ID);
      if (row !== undefined) {
        row.isActive = true;
      }
    });
    await world.pass(700);

    expect(readMark(rowOf(world).description)).toEqual(mark);
    expect(rowOf(world).isPaused).toBe(false);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.events.of('DriftCorrected')).toHaveLength(1);
  });

  it('a DAG is not put back that only seemed to have drifted', async () => {
    const world = await deployedWorld();
    const { description } = rowOf(world);
    rowOf(world).description = 'from before the last deploy';
    world.airflow.afterNext('listImportErrors', () => {
      rowOf(world).description = description;
    });
    await world.pass(30);

    expect(deploys(world)).toBe(1);
    expect(world.events.of('DriftCorrected')).toEqual([]);
  });

  it('a suspended DAG that was unpaused is paused again', async () => {
    const world = await deployedWorld({ suspend: true });
    rowOf(world).isPaused = false;
    await world.pass(30);

    expect(rowOf(world).isPaused).toBe(true);
    expect(world.events.of('DriftCorrected')).toEqual([
      expect.stringContaining('was unpaused by somebody else'),
    ]);
  });

  it('a DAG is not called drifted because it could not be read after it was enabled', async () => {
    const world = await readyWorld();
    world.pipelines.create(pipelineManifest());
    world.airflow.afterNext('enable', () => world.airflow.failOnce('getDag', airflowError('timeout')));
    await world.pass(60);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(world.events.of('DriftCorrected')).toEqual([]);
  });
});

describe('a DAG that Airflow can no longer import', () => {
  it('is deployed once more, and not again while that does not help', async () => {
    const world = await deployedWorld();
    world.airflow.rows.importErrors.set(DAG_ID, 'SyntaxError');
    await world.pass(700);

    expect(deploys(world)).toBe(2);
    expect(condition(world, 'Deployed')).toBe('False DagImportError');
    expect(world.events.of('DriftCorrected')).toEqual([
      expect.stringContaining('could no longer import the DAG'),
    ]);

    world.airflow.rows.importErrors.clear();
    await world.pass(320);

    expect(deploys(world)).toBe(2);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it.each<[string, (world: World) => void]>([
    ['is gone', (world) => world.airflow.rows.lose()],
    ['has lost its file', (world) => (rowOf(world).isActive = false)],
  ])('is deployed again as soon as it %s', async (_, happening) => {
    const world = await deployedWorld();
    world.airflow.rows.importErrors.set(DAG_ID, 'No such file or directory');
    await world.pass(60);
    happening(world);
    world.airflow.rows.importErrors.clear();
    world.airflow.afterNext('deploy', () => {
      const row = world.airflow.rows.get(DAG_ID);
      if (row !== undefined) {
        row.isActive = true;
      }
    });
    await world.pass(30);

    expect(deploys(world)).toBe(3);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('stays as it is with driftPolicy Warn, as the condition says', async () => {
    const world = await deployedWorld({ driftPolicy: 'Warn' });
    world.airflow.rows.importErrors.set(DAG_ID, 'SyntaxError');
    await world.pass(700);

    expect(deploys(world)).toBe(1);
    expect(condition(world, 'Deployed')).toBe('False DagImportError');
  });
});

describe('a DAG that one look at all DAGs has missed', () => {
  it('is looked for again before it counts as gone', async () => {
    const world = await deployedWorld();
    const { description } = rowOf(world);
    world.airflow.rows.lose();
    world.airflow.afterNext('getDag', () => world.airflow.rows.addByHand(DAG_ID, description));
    await world.pass(60);

    expect(world.airflow.history).toEqual([`deploy ${DAG_ID}`, `enable ${DAG_ID}`]);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });
});

describe('with driftPolicy Warn', () => {
  it.each<[string, string, (world: World) => void]>([
    ['paused by hand', 'Enabled', (world) => (rowOf(world).isPaused = true)],
    ['deployed over', 'Deployed', (world) => (rowOf(world).description = 'by hand')],
    ['lost with its volume', 'Deployed', (world) => world.airflow.rows.lose()],
  ])('a DAG that was %s stays so, and the condition %s says it for as long', async (_, type, change) => {
    const world = await deployedWorld({ driftPolicy: 'Warn' });
    const before = [...world.airflow.history];
    change(world);
    await world.pass(700);

    expect(world.airflow.history).toEqual(before);
    expect(condition(world, type)).toBe('False DriftDetected');
    expect(condition(world, 'Stalled')).toBe('True DriftDetected');
    expect(message(world, 'Ready')).toContain('stays so because spec.driftPolicy is Warn: ');
    expect(world.events.of('DriftDetected')).toHaveLength(1);
  });

  it('all is well when it was put back by hand', async () => {
    const world = await deployedWorld({ driftPolicy: 'Warn' });
    rowOf(world).isPaused = true;
    await world.pass(100);
    rowOf(world).isPaused = false;
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(condition(world, 'Stalled')).toBeUndefined();
  });

  it('a DAG that was gone and came back by itself, paused, stays paused', async () => {
    const world = await deployedWorld({ driftPolicy: 'Warn' });
    const { description } = rowOf(world);
    world.airflow.rows.lose();
    await world.pass(100);
    world.airflow.rows.addByHand(DAG_ID, description);
    rowOf(world).isPaused = true;
    await world.pass(100);

    expect(condition(world, 'Deployed')).toBe('True Deployed');
    expect(condition(world, 'Enabled')).toBe('False DriftDetected');
    expect(rowOf(world).isPaused).toBe(true);
  });

  it('the DAG is put back when the policy is changed', async () => {
    const world = await deployedWorld({ driftPolicy: 'Warn' });
    rowOf(world).isPaused = true;
    await world.pass(100);
    respecify(world, { driftPolicy: 'Correct' });
    await world.pass(10);

    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
    expect(rowOf(world).isPaused).toBe(false);
  });

  it('a change of the specification is deployed all the same', async () => {
    const world = await deployedWorld({ driftPolicy: 'Warn' });
    respecify(world, { displayName: 'Orders' });
    await world.pass(10);

    expect(world.airflow.history.filter((change) => change.startsWith('deploy'))).toHaveLength(2);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('runs are still followed', async () => {
    const world = await deployedWorld({ driftPolicy: 'Warn' });
    rowOf(world).isPaused = true;
    await world.pass(100);
    world.airflow.rows.startRun(DAG_ID, 'by-hand');
    world.airflow.rows.endRun(DAG_ID, 'by-hand', 'failed');
    await world.pass(10);

    expect(condition(world, 'LastRunSucceeded')).toBe('False Failed');
    expect(condition(world, 'Enabled')).toBe('False DriftDetected');
  });
});
