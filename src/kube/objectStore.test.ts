import { expect, test } from 'vitest';

import { createObjectStore, type ObjectStore } from './objectStore.ts';
import type { ObjectIdentity } from './kubeObject.ts';

function object(resourceVersion: string, uid = 'uid'): ObjectIdentity {
  return { metadata: { namespace: 'ns', name: 'a', uid, resourceVersion } };
}

type Step = (store: ObjectStore<ObjectIdentity>) => boolean;

function listed(version: string): Step {
  return (store) => store.putListed(object(version));
}
function watched(version: string): Step {
  return (store) => store.putWatched(object(version));
}
function written(version: string, uid?: string): Step {
  return (store) => store.putWritten(object(version, uid));
}
function removed(version?: string): Step {
  return (store) => store.remove('ns/a', version);
}
function listBegins(store: ObjectStore<ObjectIdentity>): boolean {
  store.beginList();
  return false;
}

interface Row {
  readonly steps: readonly Step[];
  /** Whether the last step changed anything. */
  readonly changed: boolean;
  /** The version held at the end. */
  readonly held?: string;
}

const table: Record<string, Row> = {
  'a new object is taken': { steps: [watched('5')], changed: true, held: '5' },
  'a newer version is taken': { steps: [watched('9'), watched('10')], changed: true, held: '10' },
  'the same version is no change': { steps: [watched('9'), watched('9')], changed: false, held: '9' },
  'an older one is late news': { steps: [watched('10'), watched('9')], changed: false, held: '10' },
  'a version too large for a number': {
    steps: [watched('99999999999999999998'), watched('99999999999999999999')],
    changed: true,
    held: '99999999999999999999',
  },
  'a version that is no number counts as newer': {
    steps: [watched('b'), watched('a')],
    changed: true,
    held: 'a',
  },
  'a list goes back to an older version': { steps: [watched('10'), listed('9')], changed: true, held: '9' },
  'a list does not go back behind an own write made since it began': {
    steps: [watched('8'), listBegins, written('10'), listed('9')],
    changed: false,
    held: '10',
  },
  'the next list does': {
    steps: [watched('8'), listBegins, written('10'), listBegins, listed('9')],
    changed: true,
    held: '9',
  },
  'an own write is taken': { steps: [watched('8'), written('9')], changed: true, held: '9' },
  'the echo of an own write is no change': {
    steps: [watched('8'), written('9'), watched('9')],
    changed: false,
    held: '9',
  },
  'an own write of an object that is not held is not taken': { steps: [written('9')], changed: false },
  'nor one of an earlier object of that name': {
    steps: [watched('8'), written('9', 'other')],
    changed: false,
    held: '8',
  },
  'a deletion removes': { steps: [watched('8'), removed('9')], changed: true },
  'a deletion of what is not held is no change': { steps: [removed('9')], changed: false },
  'a late deletion does not remove the successor': {
    steps: [watched('10'), removed('9')],
    changed: false,
    held: '10',
  },
};

test.each(Object.entries(table))('%s', (_sentence, { steps, changed, held }) => {
  const store = createObjectStore<ObjectIdentity>();

  const results = steps.map((step) => step(store));

  expect(results.at(-1)).toBe(changed);
  expect(store.get('ns/a')?.metadata.resourceVersion).toBe(held);
});
