import { expect, it } from 'vitest';
import type { PollerState } from '../../airflow/polling/pollerState.ts';
import { airflowError, createAirflowDoor } from '../testing/airflowDoor.ts';
import { probeWhenDue, type Probed } from './probeWhenDue.ts';

const MINUTE = 60_000;
const { signal } = new AbortController();
const OK: PollerState = { kind: 'ok', at: 0, coreApi: { kind: 'available' } };

interface Bench {
  readonly connection: Probed;
  poller: PollerState;
  probes(): number;
}

function createBench(): Bench {
  const { airflow, calls } = createAirflowDoor(() => 0);
  const bench: Bench = {
    connection: {
      airflow,
      findings: { checked: true, nextCheckAt: 0 },
      poller: { state: () => bench.poller },
    },
    poller: OK,
    probes: calls,
  };
  return bench;
}

/** A bench whose Airflow was probed at 0 and is to be looked at again in a minute. */
async function probedBench(): Promise<Bench> {
  const bench = createBench();
  await probeWhenDue(bench.connection, 0, signal);
  bench.connection.findings.nextCheckAt = MINUTE;
  return bench;
}

it('probes where nothing is known', async () => {
  const bench = await probedBench();

  expect(bench.probes()).toBe(1);
  expect(bench.connection.findings.installation).toMatchObject({ airflowVersion: '3.3.0' });
});

it('asks nothing while the poller gets on, and probes again after ten minutes', async () => {
  const bench = await probedBench();
  for (let minute = 1; minute < 10; minute += 1) {
    expect(await probeWhenDue(bench.connection, minute * MINUTE, signal)).toBe(
      bench.connection.findings.installation,
    );
  }
  expect(bench.probes()).toBe(1);

  await probeWhenDue(bench.connection, 10 * MINUTE, signal);
  expect(bench.probes()).toBe(2);
});

it.each<[string, PollerState]>([
  ['has not looked yet', { kind: 'never', coreApi: { kind: 'unknown' } }],
  [
    'fails',
    { kind: 'failed', at: 0, error: airflowError('connectionRefused'), coreApi: { kind: 'available' } },
  ],
  [
    'is refused the core API',
    { kind: 'ok', at: 0, coreApi: { kind: 'unavailable', message: 'Airflow says no.' } },
  ],
])('probes at each check where the poller %s', async (_, state) => {
  const bench = await probedBench();
  bench.poller = state;
  await probeWhenDue(bench.connection, MINUTE, signal);
  await probeWhenDue(bench.connection, 2 * MINUTE, signal);

  expect(bench.probes()).toBe(3);
});

it('probes where something is suspected', async () => {
  const bench = await probedBench();
  bench.connection.findings.nextCheckAt = 0;
  await probeWhenDue(bench.connection, 1, signal);

  expect(bench.probes()).toBe(2);
});
