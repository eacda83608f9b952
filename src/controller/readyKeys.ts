import type { Priority } from './priority.ts';

export interface ReadyKey {
  readonly key: string;
  readonly priority: Priority;
  /** When it became ready. */
  readonly since: number;
}

/** Keys that can be worked on now: first come, first served, `normal` before `low`. */
export interface ReadyKeys {
  readonly size: number;
  has(key: string): boolean;
  /** A key that is there already keeps its place, or gets a new one if its priority rises. False if it was there. */
  add(ready: ReadyKey): boolean;
  take(): ReadyKey | undefined;
  clear(): void;
}

export function createReadyKeys(): ReadyKeys {
  const current = new Map<string, ReadyKey>();
  const lines = { normal: createLine(), low: createLine() };

  /** An entry whose key has been taken, or has risen to the other line, is skipped. */
  function takeFrom(line: Line): ReadyKey | undefined {
    for (let first = line.shift(); first !== undefined; first = line.shift()) {
      if (current.get(first.key) === first) {
        current.delete(first.key);
        return first;
      }
    }
    return undefined;
  }

  return {
    get size() {
      return current.size;
    },
    has: (key) => current.has(key),

    add(wanted) {
      const old = current.get(wanted.key);
      if (old && (old.priority === 'normal' || wanted.priority === 'low')) {
        return false;
      }
      const ready = { ...wanted, since: old?.since ?? wanted.since };
      current.set(ready.key, ready);
      lines[ready.priority].push(ready);
      return old === undefined;
    },

    take: () => takeFrom(lines.normal) ?? takeFrom(lines.low),

    clear: () => current.clear(),
  };
}

interface Line {
  push(ready: ReadyKey): void;
  shift(): ReadyKey | undefined;
}

/** A first-in-first-out line whose both ends cost the same however long it is. */
function createLine(): Line {
  let items: ReadyKey[] = [];
  let head = 0;
  return {
    push(ready) {
      items.push(ready);
    },
    shift() {
      const first = items[head];
      head += 1;
      if (head >= items.length) {
        items = [];
        head = 0;
      } else if (head > 1_024 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return first;
    },
  };
}
