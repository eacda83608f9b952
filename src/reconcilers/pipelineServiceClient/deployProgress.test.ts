import { describe, expect, it } from 'vitest';
import { airflowError } from '../testing/airflowDoor.ts';
import { CLIENT_KEY, pipelineManifest } from '../testing/manifests.ts';
import { clientCondition, message, readyWorld, type World } from '../testing/world.ts';
import { deployProgress, untilNextLook, withProgress } from './deployProgress.ts';
import { READY_MESSAGE } from './summary.ts';

const IDLE = { queued: 0, running: 0, pauseMilliseconds: 0, intervalMilliseconds: 2_000 };
const NOW = Date.parse('2026-11-23T06:00:10Z');

function waitingMessage(queued: number, intervalMilliseconds: number): string {
  const gate = { ...IDLE, queued, intervalMilliseconds };
  return deployProgress(gate, {}, NOW).message.replace(`${READY_MESSAGE} `, '');
}

describe('the message', () => {
  it.each([
    [1, 2_000, '1 deploy waits for its turn, which takes about 10 s at the present pace.'],
    [29, 2_000, '29 deploys wait for their turn, which takes about 60 s at the present pace.'],
    [200, 2_000, '200 deploys wait for their turn, which takes about 7 min at the present pace.'],
    [299, 20_000, '299 deploys wait for their turn, which takes about 2 h at the present pace.'],
    [
      300,
      2_000,
      '300 deploys wait for their turn, which takes about 10 min at the present pace. Changes of this size are what spec.delivery: ConfigMap is meant for.',
    ],
  ])('of %i deploys of %i ms each says how many wait and how long', (queued, interval, text) => {
    expect(waitingMessage(queued, interval)).toBe(text);
  });

  it('is the usual one where none waits, even while one runs', () => {
    expect(deployProgress({ ...IDLE, running: 1 }, {}, NOW)).toEqual({
      deploys: { queued: 0, running: 1 },
      message: READY_MESSAGE,
    });
    expect(deployProgress(IDLE, {}, NOW)).toEqual({ deploys: undefined, message: READY_MESSAGE });
    expect(deployProgress(undefined, {}, NOW)).toEqual({ deploys: undefined, message: READY_MESSAGE });
  });

  it('does not stand in for a fault', () => {
    const progress = { deploys: { queued: 5, running: 1 }, message: 'five wait' };
    const fault = { type: 'Ready', status: 'False', reason: 'Timeout', message: 'no answer' } as const;

    expect(withProgress([fault], {}, progress)).toEqual([fault]);
    expect(withProgress([], {}, progress)).toEqual([]);
  });
});

describe('the next look', () => {
  it.each([
    ['is in five seconds while a deploy waits', { ...IDLE, queued: 1 }, 60_000, 5_000],
    ['is in five seconds while a deploy runs', { ...IDLE, running: 1 }, 60_000, 5_000],
    ['is sooner where it would be anyway', { ...IDLE, queued: 1 }, 1_000, 1_000],
    ['is when it would be where there are no deploys', IDLE, 60_000, 60_000],
  ])('%s', (_, gate, otherwise, expected) => {
    expect(untilNextLook(gate, otherwise)).toBe(expected);
  });
});

describe('a client with more deploys than its limits let through at once', () => {
  function createPipelines(world: World, count: number): void {
    for (let index = 0; index < count; index += 1) {
      world.pipelines.create(pipelineManifest({}, { name: `pipeline-${index}` }));
    }
  }

  function queued(world: World): number | undefined {
    return world.clients.get(CLIENT_KEY)?.status?.deploys?.queued;
  }

  it('shows every few seconds how many wait, stays Ready, and shows nothing of it in the end', async () => {
    const world = await readyWorld();
    createPipelines(world, 40);
    await world.pass(8);
    const writes = world.clients.statusWrites();
    const counts: (number | undefined)[] = [];
    for (let look = 0; look < 12; look += 1) {
      counts.push(queued(world));
      expect(clientCondition(world, 'Ready')).toBe('True ReconcileSucceeded');
      expect(message(world, 'Ready', CLIENT_KEY)).toMatch(/deploys wait for their turn/);
      await world.pass(5);
    }

    expect(world.clients.statusWrites() - writes).toBeLessThanOrEqual(13);
    expect(new Set(counts).size).toBe(12);
    expect(counts).toEqual(counts.toSorted((left, right) => (right ?? 0) - (left ?? 0)));
    await world.pass(60);
    expect(world.clients.get(CLIENT_KEY)?.status).not.toHaveProperty('deploys');
    expect(message(world, 'Ready', CLIENT_KEY)).toBe(READY_MESSAGE);
  });

  it('shows it although no pipeline changes meanwhile', async () => {
    const world = await readyWorld({ limits: { deploysPerMinute: 1 } });
    createPipelines(world, 4);
    await world.pass(30);
    const { metadata } = world.clients.get(CLIENT_KEY) ?? {};
    await world.pass(25);

    expect(queued(world)).toBe(3);
    expect(world.clients.get(CLIENT_KEY)?.metadata.resourceVersion).toBe(metadata?.resourceVersion);
    await world.pass(15);
    expect(queued(world)).toBe(2);
  });

  it('tells a fault rather than the progress', async () => {
    const world = await readyWorld();
    createPipelines(world, 40);
    await world.pass(12);
    world.airflow.setDown(airflowError('timeout'));
    await world.pass(120);

    expect(clientCondition(world, 'Ready')).toBe('False Timeout');
    expect(message(world, 'Ready', CLIENT_KEY)).not.toMatch(/wait/);
  });
});
