import { describe, expect, it } from 'vitest';
import type { IngestionPipelineSpec } from '../api/ingestionPipeline.ts';
import { configHash } from './configHash.ts';
import { configMapDocument } from './configMapDocument.ts';
import { type DocumentInput, markDocument, renderDocument } from './document.ts';
import { reference } from './envelope.ts';
import { isJsonObject, revealSecrets, type JsonObject } from './json.ts';
import { createMark, readMark } from './mark.ts';
import { PlaceholderValue } from './placeholderValue.ts';
import { SecretValue } from './secretValue.ts';
import { setAtPath } from './targetPath.ts';

const owner = { ownerId: 'default', namespace: 'team-a', name: 'orders' };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function input(
  spec: Partial<IngestionPipelineSpec> = {},
  changes: Partial<DocumentInput> = {},
): DocumentInput {
  return {
    owner,
    name: 'team-a_orders',
    spec: {
      pipelineType: 'metadata',
      service: { type: 'databaseService', name: 'mysql prod' },
      sourceConfig: { config: {} },
      ...spec,
    },
    values: [],
    serverConnection: { hostPort: 'http://openmetadata:8585/api' },
    openMetadataVersion: { major: 1, minor: 10 },
    createdAt: 1_700_000_000_000,
    ...changes,
  };
}

function render(...given: Parameters<typeof input>): JsonObject {
  const result = renderDocument(input(...given));
  if (!result.ok) {
    throw new Error(`cannot set ${result.targetPath}`);
  }
  return result.document;
}

function configOf(document: JsonObject): unknown {
  return isJsonObject(document.sourceConfig) ? document.sourceConfig.config : undefined;
}

describe('the document of a pipeline', () => {
  it('has everything that the plugin needs', () => {
    expect(render({ displayName: 'Orders', airflowConfig: { scheduleInterval: '0 3 * * *' } })).toEqual({
      id: expect.stringMatching(UUID),
      name: 'team-a_orders',
      displayName: 'Orders',
      fullyQualifiedName: 'mysql prod.team-a_orders',
      pipelineType: 'metadata',
      service: { id: expect.stringMatching(UUID), type: 'databaseService', name: 'mysql prod' },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
      airflowConfig: { scheduleInterval: '0 3 * * *', pausePipeline: true },
      loggerLevel: 'INFO',
      updatedAt: 1_700_000_000_000,
      openMetadataServerConnection: { hostPort: 'http://openmetadata:8585/api' },
    });
  });

  it.each([
    [{ major: 1, minor: 3 }, { owner: { type: 'team', name: 'sales' } }, 'owners'],
    [{ major: 1, minor: 4 }, { owner: { type: 'team', name: 'sales' } }, 'owners'],
    [{ major: 1, minor: 5 }, { owners: [{ name: 'sales' }, { name: 'jane' }] }, 'owner'],
    [{ major: 1, minor: 10 }, { owners: [{ name: 'sales' }, { name: 'jane' }] }, 'owner'],
    [{ major: 2, minor: 0 }, { owners: [{ name: 'sales' }, { name: 'jane' }] }, 'owner'],
  ])('names its owners as version %j wants it', (openMetadataVersion, expected, absent) => {
    const owners = [
      { type: 'team' as const, name: 'sales' },
      { type: 'user' as const, name: 'jane' },
    ];
    const document = render({ owners }, { openMetadataVersion });

    expect(document).toMatchObject(expected);
    expect(document).not.toHaveProperty(absent);
  });

  it.each([
    { major: 1, minor: 3 },
    { major: 2, minor: 0 },
  ])('names no owner where there is none: %j', (openMetadataVersion) => {
    const document = render({ owners: [] }, { openMetadataVersion });

    expect(document).not.toHaveProperty('owner');
    expect(document).not.toHaveProperty('owners');
  });

  it.each([
    [{ major: 1, minor: 4 }, []],
    [{ major: 1, minor: 5 }, [['domain', reference('domain', 'Sales')]]],
    [{ major: 1, minor: 8 }, [['domain', reference('domain', 'Sales')]]],
    [
      { major: 1, minor: 9 },
      [['domains', [reference('domain', 'Sales'), reference('domain', 'Sales.EMEA')]]],
    ],
    [
      { major: 2, minor: 0 },
      [['domains', [reference('domain', 'Sales'), reference('domain', 'Sales.EMEA')]]],
    ],
  ])('names its domains as version %j wants it', (openMetadataVersion, expected) => {
    const document = render({ domains: ['Sales', 'Sales.EMEA'] }, { openMetadataVersion });

    expect(Object.entries(document).filter(([key]) => key.startsWith('domain'))).toEqual(expected);
  });

  it.each([
    [{ major: 1, minor: 6 }, false, false],
    [{ major: 1, minor: 7 }, true, false],
    [{ major: 1, minor: 9 }, true, false],
    [{ major: 1, minor: 10 }, true, true],
  ])('has no option that version %j does not know', (openMetadataVersion, raises, streams) => {
    const options = { raiseOnError: false, enableStreamableLogs: true, tags: ['Tier.Tier1'] };
    const document = render(options, { openMetadataVersion });

    expect(Object.hasOwn(document, 'raiseOnError')).toBe(raises);
    expect(Object.hasOwn(document, 'enableStreamableLogs')).toBe(streams);
    expect(document).not.toHaveProperty('tags');
  });

  it('keeps what is false, zero or empty, and drops what is null', () => {
    const config = {
      includeViews: false,
      threads: 0,
      filter: '',
      unset: null,
      nested: { unset: null, kept: [] },
    };
    const document = render({
      sourceConfig: { config },
      raiseOnError: false,
      enableStreamableLogs: false,
      airflowConfig: { retries: 0, pipelineCatchup: false },
    });

    expect(document).toMatchObject({
      raiseOnError: false,
      enableStreamableLogs: false,
      airflowConfig: { retries: 0, pipelineCatchup: false },
    });
    expect(configOf(document)).toEqual({
      type: 'DatabaseMetadata',
      includeViews: false,
      threads: 0,
      filter: '',
      nested: { kept: [] },
    });
    expect(JSON.stringify(document)).not.toMatch(/null|undefined/);
  });

  it('fills in the type of the source configuration, and leaves one that is given', () => {
    expect(configOf(render())).toEqual({ type: 'DatabaseMetadata' });
    expect(configOf(render({ sourceConfig: { config: { type: 'Other' } } }))).toEqual({ type: 'Other' });
    expect(configOf(render({ pipelineType: 'profiler' }))).toEqual({ type: 'Profiler' });
  });

  it('gets its secret values at their paths: nested, new, and in items of lists', () => {
    const config = { type: 'DBT', dbt: { kept: 1, secret: 'replaced' }, sources: [{ a: 1 }, { a: 2 }] };
    const values = ['config.dbt.secret', 'config.new.deep.secret', 'config.sources.1.secret'].map(
      (targetPath) => ({
        targetPath,
        value: new SecretValue(targetPath),
      }),
    );

    expect(revealSecrets(render({ sourceConfig: { config } }, { values }).sourceConfig)).toEqual({
      config: {
        type: 'DBT',
        dbt: { kept: 1, secret: 'config.dbt.secret' },
        new: { deep: { secret: 'config.new.deep.secret' } },
        sources: [{ a: 1 }, { a: 2, secret: 'config.sources.1.secret' }],
      },
    });
  });

  it('says which path leads nowhere', () => {
    const values = [{ targetPath: 'config.type.x', value: new SecretValue('a') }];

    expect(renderDocument(input({}, { values }))).toEqual({ ok: false, targetPath: 'config.type.x' });
  });

  it('depends on nothing but what goes in: ids and times stay', () => {
    const first = render();

    expect(render()).toEqual(first);
    expect(render({}, { owner: { ...owner, ownerId: 'east' } }).id).not.toBe(first.id);
    expect(render({ displayName: 'x' }).id).toBe(first.id);
    expect(render({ displayName: 'x' }).updatedAt).toBe(first.updatedAt);
  });

  it('does not change with what only the operator cares for', () => {
    expect(
      render({ suspend: true, driftPolicy: 'Warn', deletionPolicy: 'Orphan', adopt: true, runNonce: '1' }),
    ).toEqual(render());
  });
});

describe('the mark in a document', () => {
  it.each(['', 'Nightly', 'Costs 100 % [draft]'])('comes after the description %j', (description) => {
    const marked = markDocument(render({ description }), owner, 'ab'.repeat(32));
    const text = typeof marked.description === 'string' ? marked.description : '';

    expect(text.startsWith(description)).toBe(true);
    expect(readMark(text)).toEqual(createMark(owner, 'ab'.repeat(32)));
  });

  it('is not part of what is hashed, so that it can hold the hash', () => {
    const document = render({ description: 'x' });
    const marked = markDocument(document, owner, 'ab'.repeat(32));

    expect({ ...marked, description: 'x' }).toEqual(document);
  });
});

describe('hash and secrets', () => {
  const key = new SecretValue('the key');

  function rendered(secret: string): JsonObject {
    return render(
      {},
      {
        values: [{ targetPath: 'config.password', value: new SecretValue(secret) }],
        serverConnection: { securityConfig: { jwtToken: new SecretValue(`token of ${secret}`) } },
      },
    );
  }

  it('the hash changes with each secret, and with the key', () => {
    const hash = configHash(rendered('a'), key);

    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(configHash(rendered('a'), key)).toBe(hash);
    expect(configHash(rendered('b'), key)).not.toBe(hash);
    expect(configHash(rendered('a'), new SecretValue('other'))).not.toBe(hash);
  });

  it('the hash is another one than that of the text without secrets', () => {
    expect(configHash(rendered('a'), key)).not.toBe(configHash(render(), key));
  });

  it.each(['hunter2', 'with "quotes"', 'with $NAME', 'ünïcödé'])(
    'no secret gets into the ConfigMap: %j',
    (secret) => {
      const text = configMapDocument(markDocument(rendered(secret), owner, 'ab'.repeat(32)));

      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
      expect(text).not.toContain('redacted');
      expect(JSON.parse(text)).toMatchObject({ sourceConfig: { config: { type: 'DatabaseMetadata' } } });
    },
  );

  it('placeholders get there at the same paths', () => {
    const document = render(
      {},
      { values: [{ targetPath: 'config.a.b', value: new PlaceholderValue('NAME') }] },
    );

    expect(JSON.parse(configMapDocument(document)).sourceConfig).toEqual(
      revealSecrets(setAtPath({ config: { type: 'DatabaseMetadata' } }, 'config.a.b', '${NAME}')),
    );
  });
});
