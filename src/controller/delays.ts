import type { Priority } from './priority.ts';

export interface Delayed {
  readonly key: string;
  readonly priority: Priority;
  readonly dueAt: number;
}

/** Keys to be added later, soonest first. */
export interface Delays {
  readonly size: number;
  /** Keeps the earlier moment and the higher priority, if the key is there already. */
  add(delayed: Delayed): void;
  delete(key: string): void;
  /** Takes one key whose moment has come. */
  takeDue(now: number): Delayed | undefined;
  /** The soonest moment. */
  soonest(): number | undefined;
  clear(): void;
}

/** A binary heap. A key that is moved or deleted leaves a stale entry behind, skipped when it comes up. */
export function createDelays(): Delays {
  const current = new Map<string, Delayed>();
  let heap: Delayed[] = [];

  function isStale(delayed: Delayed): boolean {
    return current.get(delayed.key) !== delayed;
  }

  function rebuildWhenMostlyStale(): void {
    if (heap.length > 2 * current.size + 64) {
      heap = [...current.values()].toSorted((a, b) => a.dueAt - b.dueAt);
    }
  }

  function top(): Delayed | undefined {
    for (let first = heap[0]; first !== undefined; first = heap[0]) {
      if (!isStale(first)) {
        return first;
      }
      pop(heap);
    }
    return undefined;
  }

  return {
    get size() {
      return current.size;
    },

    add(wanted) {
      const old = current.get(wanted.key);
      const delayed = old ? merge(old, wanted) : wanted;
      current.set(wanted.key, delayed);
      push(heap, delayed);
      rebuildWhenMostlyStale();
    },

    delete(key) {
      current.delete(key);
    },

    takeDue(now) {
      const first = top();
      if (!first || first.dueAt > now) {
        return undefined;
      }
      pop(heap);
      current.delete(first.key);
      return first;
    },

    soonest: () => top()?.dueAt,

    clear() {
      current.clear();
      heap = [];
    },
  };
}

function merge(old: Delayed, wanted: Delayed): Delayed {
  const priority = old.priority === 'normal' ? 'normal' : wanted.priority;
  return { key: old.key, priority, dueAt: Math.min(old.dueAt, wanted.dueAt) };
}

function push(heap: Delayed[], delayed: Delayed): void {
  let index = heap.length;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || parent.dueAt <= delayed.dueAt) {
      break;
    }
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = delayed;
}

function pop(heap: Delayed[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) {
    return;
  }
  let index = 0;
  for (;;) {
    const childIndex = sooner(heap, 2 * index + 1, 2 * index + 2);
    const child = heap[childIndex];
    if (child === undefined || child.dueAt >= last.dueAt) {
      break;
    }
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = last;
}

function sooner(heap: readonly Delayed[], left: number, right: number): number {
  const a = heap[left];
  const b = heap[right];
  return a !== undefined && b !== undefined && b.dueAt < a.dueAt ? right : left;
}
