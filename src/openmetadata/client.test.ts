import { inspect } from 'node:util';
import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { startOpenMetadata, type OpenMetadataStandIn } from '../../test/openmetadata/standIn.ts';
import { SecretValue } from '../domain/secretValue.ts';
import { createOpenMetadata } from './client.ts';
import type { OpenMetadata } from './openMetadata.ts';
import { serviceFullyQualifiedName } from '../domain/naming.ts';

const signal = new AbortController().signal;
const cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) {
    await cleanUp();
  }
});

function door(baseUrl: string, token = 'the-token'): OpenMetadata {
  const openMetadata = createOpenMetadata({
    baseUrl,
    token: new SecretValue(token),
    tls: { verify: 'no-ssl' },
    timeoutMilliseconds: 200,
  });
  cleanUps.push(() => openMetadata.close());
  return openMetadata;
}

async function standIn(): Promise<OpenMetadataStandIn> {
  const server = await startOpenMetadata({ version: '1.10.2', token: 'the-token' });
  cleanUps.push(() => server.stop());
  return server;
}

async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/api`;
}

describe('an OpenMetadata server', () => {
  test('tells its version, also to a wrong token', async () => {
    const server = await standIn();

    expect(await door(server.url).version(signal)).toBe('1.10.2');
    expect(await door(`${server.url}/`, 'wrong').version(signal)).toBe('1.10.2');
  });

  test('has the service that was added, and no other', async () => {
    const server = await standIn();
    const { id } = server.addService('databaseServices', { name: 'shop', serviceType: 'Mysql' });
    const openMetadata = door(server.url);

    expect(await openMetadata.findService('databaseService', 'shop', signal)).toEqual({
      id,
      name: 'shop',
      fullyQualifiedName: 'shop',
    });
    expect(await openMetadata.findService('databaseService', 'other', signal)).toBeUndefined();
    expect(await openMetadata.findService('pipelineService', 'shop', signal)).toBeUndefined();
  });

  test('refuses a wrong token', async () => {
    const server = await standIn();

    const find = door(server.url, 'wr0ng-token').findService('databaseService', 'shop', signal);

    const error: unknown = await find.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'tokenRejected' });
    expect(inspect(error, { depth: 20 })).not.toContain('wr0ng-token');
  });

  test('is not asked for a type that does not exist', async () => {
    const server = await standIn();

    const find = door(server.url).findService('tableService', 'shop', signal);

    await expect(find).rejects.toMatchObject({ kind: 'unknownServiceType' });
    expect(server.requests).toEqual([]);
  });
});

describe('the pipelines of an OpenMetadata server', () => {
  const request = {
    name: 'orders',
    displayName: 'Orders',
    description: 'first',
    pipelineType: 'metadata',
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
    airflowConfig: { scheduleInterval: '0 3 * * *' },
    provider: 'automation',
  };

  async function pipelinesOf(server: OpenMetadataStandIn): Promise<{
    openMetadata: OpenMetadata;
    service: { readonly id: string; readonly type: string };
  }> {
    const { id } = server.addService('databaseServices', { name: 'shop', serviceType: 'Mysql' });
    return { openMetadata: door(server.url), service: { id, type: 'databaseService' } };
  }

  test('are created, found by name, changed and deleted for good', async () => {
    const server = await standIn();
    const { openMetadata, service } = await pipelinesOf(server);
    const { pipelines } = openMetadata;

    expect(await pipelines.find('shop.orders', signal)).toBeUndefined();
    const created = await pipelines.put({ ...request, service }, signal);
    expect(created).toMatchObject({ description: 'first', provider: 'automation', version: 0.1 });
    expect(await pipelines.find('shop.orders', signal)).toEqual(created);

    const airflowConfig = { scheduleInterval: '0 4 * * *' };
    const changed = await pipelines.put({ ...request, service, airflowConfig }, signal);
    expect(changed).toEqual({ ...created, version: 0.2, scheduleInterval: '0 4 * * *' });

    await pipelines.remove(created.id, signal);
    await pipelines.remove(created.id, signal);
    expect(server.entities('ingestionPipelines')).toEqual([]);
  });

  test('take a new description and display name, which a bot can only patch', async () => {
    const server = await standIn();
    const { openMetadata, service } = await pipelinesOf(server);
    await openMetadata.pipelines.put({ ...request, service }, signal);

    const { displayName: _, ...texts } = { ...request, description: 'second' };
    const entity = await openMetadata.pipelines.put({ ...texts, service }, signal);

    expect(entity).toMatchObject({ description: 'second', displayName: undefined });
    expect(await openMetadata.pipelines.find('shop.orders', signal)).toEqual(entity);
  });

  test('are found where they were deleted in a way that can be undone', async () => {
    const server = await standIn();
    const { openMetadata, service } = await pipelinesOf(server);
    server.addPipeline({ ...request, service, deleted: true });

    expect(await openMetadata.pipelines.find('shop.orders', signal)).toMatchObject({ deleted: true });
  });

  test('may be out of reach for the bot', async () => {
    const server = await standIn();
    const { openMetadata, service } = await pipelinesOf(server);
    server.forbid('PUT services/ingestionPipelines');

    await expect(openMetadata.pipelines.put({ ...request, service }, signal)).rejects.toMatchObject({
      kind: 'permissionDenied',
    });
  });

  test.each([
    ['fields of another version', { owner: { id: 'x', type: 'user' } }],
    ['a service that is not there', { service: { id: 'x', type: 'databaseService' } }],
    ['a domain that is not there', { domains: ['Sales'] }],
  ])('are refused with %s', async (_, changes) => {
    const { openMetadata, service } = await pipelinesOf(await standIn());

    await expect(
      openMetadata.pipelines.put({ ...request, service, ...changes }, signal),
    ).rejects.toMatchObject({ kind: 'refused' });
  });

  test('are deleted although the server cannot take them down in its own Airflow', async () => {
    const server = await standIn();
    const { openMetadata, service } = await pipelinesOf(server);
    const { id } = await openMetadata.pipelines.put({ ...request, service }, signal);
    server.setPipelineService({
      platform: 'disabled',
      deletePipeline() {
        throw new Error('The NoopClient does not implement the delete method');
      },
    });

    await openMetadata.pipelines.remove(id, signal);

    expect(server.entities('ingestionPipelines')).toEqual([]);
  });

  test('are not deleted by a bot that may not', async () => {
    const server = await standIn();
    const { openMetadata, service } = await pipelinesOf(server);
    const { id } = await openMetadata.pipelines.put({ ...request, service }, signal);
    server.forbid('DELETE services/ingestionPipelines');

    await expect(openMetadata.pipelines.remove(id, signal)).rejects.toMatchObject({
      kind: 'permissionDenied',
    });
  });

  test('are run by what the server says', async () => {
    const server = await standIn();
    server.setPipelineService({ platform: 'Kubernetes', deletePipeline: () => {} });

    expect(await door(server.url).pipelinePlatform(signal)).toBe('Kubernetes');
  });

  test('refer to users, teams and domains by their ids', async () => {
    const server = await standIn();
    const openMetadata = door(server.url);
    const user = server.addEntity('users', 'jane.doe');
    const domain = server.addEntity('domains', 'Sales');

    expect(await openMetadata.findId('user', 'jane.doe', signal)).toBe(user.id);
    expect(await openMetadata.findId('domain', 'Sales', signal)).toBe(domain.id);
    expect(await openMetadata.findId('team', 'jane.doe', signal)).toBeUndefined();
  });
});

describe('an address', () => {
  test.each([
    ['that answers with a page', 200, '<html>', 'notOpenMetadata'],
    ['that knows no such path', 404, '<html>', 'notOpenMetadata'],
    ['that answers other JSON', 200, '{}', 'notOpenMetadata'],
    ['that redirects', 302, '', 'notOpenMetadata'],
    ['that refuses the token', 401, '{"code":401}', 'tokenRejected'],
    ['that forbids', 403, '{"code":403}', 'tokenRejected'],
    ['that is in trouble', 503, '', 'serverError'],
  ] as const)('%s', async (_, status, body, kind) => {
    const openMetadata = door(await answering(status, body));

    await expect(openMetadata.version(signal)).rejects.toMatchObject({ kind });
    await expect(openMetadata.findService('databaseService', 'x', signal)).rejects.toMatchObject({ kind });
  });

  test('where nothing listens refuses the connection', async () => {
    await expect(door('http://127.0.0.1:1/api').version(signal)).rejects.toMatchObject({
      kind: 'connectionRefused',
    });
  });

  test('of an unknown host fails in DNS', async () => {
    await expect(door('http://om.invalid/api').version(signal)).rejects.toMatchObject({ kind: 'dnsFailed' });
  });
});

test.each([
  ['shop', 'shop'],
  ['mysql 5.7', '"mysql 5.7"'],
  ['a"b', '"a\\"b"'],
])('the name %s is asked for as %s', (name, expected) => {
  expect(serviceFullyQualifiedName({ type: 'databaseService', name })).toBe(expected);
});
