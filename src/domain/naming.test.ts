import { describe, expect, it } from 'vitest';
import { cleanDagId, documentLocation, fullyQualifiedName, pipelineName } from './naming.ts';

describe('cleanDagId', () => {
  it.each([
    ['a.b c', 'a_b_c'],
    ['x--y__z', 'x--y__z'],
    ['(x)', '_x_'],
    ['é-ü', '_-_'],
    ['日本', '_'],
  ])('makes %s into %s, as the plugin does', (name, expected) => {
    expect(cleanDagId(name)).toBe(expected);
  });
});

describe('pipelineName', () => {
  it('is namespace and name unless the spec names another', () => {
    expect(pipelineName({ namespace: 'team-a', name: 'orders' })).toBe('team-a_orders');
    expect(pipelineName({ namespace: 'team-a', name: 'orders', specName: 'x' })).toBe('x');
  });
});

describe('fullyQualifiedName', () => {
  it('quotes the parts that hold a dot', () => {
    const service = { type: 'databaseService', name: 'mysql 5.7' };

    expect(fullyQualifiedName(service, 'pipe')).toBe('"mysql 5.7".pipe');
    expect(fullyQualifiedName({ ...service, name: 'a"b' }, 'pipe')).toBe(String.raw`"a\"b".pipe`);
  });

  it('takes the name of a test suite as it is, since that is one of several parts', () => {
    const suite = { type: 'testSuite', name: 'shop.shop.main.orders.testSuite' };

    expect(fullyQualifiedName(suite, 'nightly')).toBe('shop.shop.main.orders.testSuite.nightly');
  });
});

describe('documentLocation', () => {
  it('puts a DAG always in the same shard, with a two-digit number', () => {
    const location = documentLocation('team-a_orders', 'dag-generated-configs', 16);

    expect(location).toEqual(documentLocation('team-a_orders', 'dag-generated-configs', 16));
    expect(location.configMap).toMatch(/^dag-generated-configs-\d\d$/);
    expect(location.key).toMatch(/^\d\d-team-a_orders\.json$/);
  });

  it('spreads DAGs over all shards', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `team_${index}`);
    const shards = new Set(names.map((name) => documentLocation(name, 'd', 16).configMap));

    expect(shards.size).toBe(16);
  });
});
