import { describe, expect, it } from 'vitest';
import { createPipelineIndex } from './pipelineIndex.ts';

const entry = { clientKey: 'openmetadata/airflow', dagId: 'orders' };

describe('the index of pipelines', () => {
  it('knows who uses a client and who claims a DAG', () => {
    const index = createPipelineIndex();
    index.set('a/orders', entry);
    index.set('b/orders', entry);
    index.set('b/customers', { ...entry, dagId: 'customers' });

    expect([...index.pipelinesOf(entry.clientKey)]).toEqual(['a/orders', 'b/orders', 'b/customers']);
    expect([...index.dagIdsOf(entry.clientKey)]).toEqual(['orders', 'customers']);
    expect([...index.claimantsOf(entry.clientKey, 'orders')]).toEqual(['a/orders', 'b/orders']);
    expect(index.get('a/orders')).toEqual(entry);
  });

  it.each([
    ['another client', { clientKey: 'b/airflow', dagId: 'orders' }],
    ['another DAG', { clientKey: 'openmetadata/airflow', dagId: 'customers' }],
  ])('forgets what was when a pipeline turns to %s', (_, next) => {
    const index = createPipelineIndex();
    index.set('a/orders', entry);
    index.set('a/orders', next);

    expect([...index.claimantsOf(entry.clientKey, entry.dagId)]).toEqual([]);
    expect([...index.claimantsOf(next.clientKey, next.dagId)]).toEqual(['a/orders']);
    expect([...index.pipelinesOf(entry.clientKey)]).toEqual(
      next.clientKey === entry.clientKey ? ['a/orders'] : [],
    );
    expect([...index.dagIdsOf(entry.clientKey)]).not.toContain('orders');
  });

  it.each([
    ['is deleted', (index: ReturnType<typeof createPipelineIndex>) => index.delete('a/orders')],
    [
      'has no client any more',
      (index: ReturnType<typeof createPipelineIndex>) =>
        index.set('a/orders', { ...entry, clientKey: undefined }),
    ],
  ])('forgets a pipeline that %s', (_, change) => {
    const index = createPipelineIndex();
    index.set('a/orders', entry);
    change(index);

    expect(index.get('a/orders')).toBeUndefined();
    expect(index.pipelinesOf(entry.clientKey).size).toBe(0);
    expect([...index.dagIdsOf(entry.clientKey)]).toEqual([]);
    expect(index.claimantsOf(entry.clientKey, 'orders').size).toBe(0);
  });

  it('does not mind what it does not know', () => {
    const index = createPipelineIndex();
    index.delete('a/orders');

    expect([...index.dagIdsOf('a/b')]).toEqual([]);
    expect(index.claimantsOf('a/b', 'c').size).toBe(0);
  });
});
