import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeCall } from '../fakes/airflow/fakeAirflow.ts';
import type { FakeWorld } from '../harness/fakeWorld.ts';
import { tellFigure } from '../support/figures.ts';

/** Milliseconds for the last checks of what was deployed to be over. */
const SETTLING = 60_000;

/** Counts the calls to Airflow while nothing happens. */
export async function measureIdleCalls({ airflow, openMetadata }: FakeWorld, minutes: number): Promise<void> {
  await sleep(SETTLING);
  const calls = airflow.calls.length;
  const requests = openMetadata.requests.length;
  await sleep(minutes * 60_000);
  const counted = airflow.calls.slice(calls);

  tellFigure('idle calls to Airflow a minute', perMinute(counted.length, minutes));
  for (const [route, count] of countByRoute(counted)) {
    tellFigure(`  ${route}`, perMinute(count, minutes));
  }
  tellFigure(
    'idle calls to OpenMetadata a minute',
    perMinute(openMetadata.requests.length - requests, minutes),
  );
}

function countByRoute(calls: readonly FakeCall[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { method, path, query } of calls) {
    const route = [method, path, query['limit'] === '1' ? '?limit=1' : ''].join(' ').trimEnd();
    counts.set(route, (counts.get(route) ?? 0) + 1);
  }
  return new Map([...counts].toSorted(([, left], [, right]) => right - left));
}

function perMinute(count: number, minutes: number): string {
  return (count / minutes).toFixed(1);
}
