import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { createEventRecorder, type EventRecorder } from './events.ts';
import { eventObject, type EventToRecord, newEventSeries } from './eventSeries.ts';
import type { PooledKubeConfig } from './kubeConfig.ts';
import { kubeConfigFor, sendJson, sendStatus } from './testing/fakeApiServer.ts';
import { linesLogger } from './testing/linesLogger.ts';

const StoredEvent = z.looseObject({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  note: z.string(),
  series: z.object({ count: z.number(), lastObservedTime: z.string() }).optional(),
});

const EVENT: EventToRecord = {
  regarding: { apiVersion: 'example.org/v1', kind: 'Thing', namespace: 'ns', name: 'one', uid: 'uid-1' },
  type: 'Normal',
  reason: 'Deployed',
  action: 'Deploy',
  note: 'deployed',
};

let server: Server;
let kubeConfig: PooledKubeConfig;
let stored: Map<string, z.infer<typeof StoredEvent>>;
let requests: string[];
/** Statuses to answer with, instead of serving. */
let refusals: number[];
let now: number;
let recorder: EventRecorder;

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  requests.push(request.method ?? '');
  const body = await json(request);
  const refusal = refusals.shift();
  if (refusal === undefined) {
    store((request.url ?? '').split('/events/')[1], body, response);
  } else {
    sendStatus(response, refusal, refusal === 409 ? 'AlreadyExists' : 'Refused');
  }
}

function store(name: string | undefined, body: unknown, response: ServerResponse): void {
  const old = name === undefined ? undefined : stored.get(name);
  if (name !== undefined && old === undefined) {
    sendStatus(response, 404, 'NotFound');
    return;
  }
  const event = StoredEvent.parse({ ...old, ...z.looseObject({}).parse(body) });
  stored.set(event.metadata.name, event);
  sendJson(response, 200, event);
}

beforeEach(async () => {
  stored = new Map();
  requests = [];
  refusals = [];
  now = Date.UTC(2026, 0, 1);
  server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  kubeConfig = kubeConfigFor(server);
  recorder = createEventRecorder({
    kubeConfig,
    reportingController: 'example.org/controller',
    reportingInstance: 'pod-1',
    clock: () => now,
    log: linesLogger(),
  });
});

afterEach(async () => {
  await kubeConfig.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('an event is sent at once, in full', async () => {
  recorder.record(EVENT);
  await recorder.flush();

  expect([...stored.values()]).toMatchObject([
    {
      kind: 'Event',
      apiVersion: 'events.k8s.io/v1',
      metadata: { namespace: 'ns' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.org/controller',
      reportingInstance: 'pod-1',
      regarding: EVENT.regarding,
      type: 'Normal',
      reason: 'Deployed',
      action: 'Deploy',
      note: 'deployed',
    },
  ]);
  expect([...stored.values()][0]?.series).toBeUndefined();
});

test('equal events become a count on the first', async () => {
  recorder.record(EVENT);
  await recorder.flush();
  for (let time = 0; time < 100; time += 1) {
    now += 1_000;
    recorder.record(EVENT);
  }
  recorder.record({ ...EVENT, note: 'something else' });
  await recorder.flush();

  expect([...stored.values()].map(({ note, series }) => [note, series?.count])).toEqual([
    ['deployed', 101],
    ['something else', undefined],
  ]);
  expect([...stored.values()][0]?.series?.lastObservedTime).toBe('2026-01-01T00:01:40.000000Z');
  expect(requests).toHaveLength(3);
});

test('after a pause of some minutes an equal event is a new one', async () => {
  recorder.record(EVENT);
  now += 360_000;
  recorder.record(EVENT);
  await recorder.flush();

  expect(stored.size).toBe(2);
});

test('an event that has expired on the API server is made anew', async () => {
  recorder.record(EVENT);
  await recorder.flush();
  stored.clear();

  recorder.record(EVENT);
  await recorder.flush();
  await recorder.flush();

  expect([...stored.values()].map(({ series }) => series?.count)).toEqual([2]);
});

describe('faults', () => {
  test('an event that could not be sent is sent later', async () => {
    refusals = [503, 429];

    recorder.record(EVENT);
    await recorder.flush();
    expect(stored.size).toBe(0);
    await recorder.flush();
    await recorder.flush();

    expect(stored.size).toBe(1);
  });

  test('an event that is there already, as the answer was lost, is no fault', async () => {
    refusals = [409];
    recorder.record(EVENT);
    await recorder.flush();
    await recorder.flush();

    expect(requests).toEqual(['POST']);
  });

  test('an event that is refused, or fails again and again, is given up', async () => {
    refusals = [403, 503, 503, 503, 503, 503];

    recorder.record(EVENT);
    recorder.record({ ...EVENT, note: 'other' });
    for (let round = 0; round < 10; round += 1) {
      await recorder.flush();
    }

    expect(stored.size).toBe(0);
    expect(requests).toHaveLength(6);
  });

  test('one that fails does not hold up the others', async () => {
    refusals = [500];

    recorder.record(EVENT);
    recorder.record({ ...EVENT, note: 'other' });
    await recorder.flush();

    expect([...stored.values()].map(({ note }) => note)).toEqual(['other']);
  });

  test('something that is not an event does not throw', () => {
    const broken = JSON.parse('{}');

    expect(() => recorder.record(broken)).not.toThrow();
  });
});

const notes: Record<string, { note: string; wanted: string }> = {
  'a short note stays': { note: 'short', wanted: 'short' },
  'a long one is cut': { note: 'a'.repeat(2_000), wanted: `${'a'.repeat(1_021)}…` },
  'no character is cut in half': { note: '😀'.repeat(300), wanted: `${'😀'.repeat(255)}…` },
};

test.each(Object.entries(notes))('%s', (_sentence, { note, wanted }) => {
  const series = newEventSeries({ ...EVENT, note }, now);
  const shortened = StoredEvent.parse(
    eventObject(series, { reportingController: 'c', reportingInstance: 'i' }),
  ).note;

  expect(shortened).toBe(wanted);
  expect(Buffer.byteLength(shortened)).toBeLessThanOrEqual(1_024);
});
