/** Keys (`namespace/name`) that wait, each once. Namespaces take turns; within one the first come is the first served. */
export interface FairQueue {
  readonly size: number;
  /** Keeps its place if it waits already. */
  add(key: string): void;
  delete(key: string): void;
  /** Takes the key whose turn it is; its namespace goes behind the others. */
  take(): string | undefined;
  /** How many keys would be taken before this one if no more came; all of them if it does not wait. */
  ahead(key: string): number;
}

/** Tickets are given out in ascending order, so that a place in a line is found by bisection. */
interface Waiting {
  readonly key: string;
  readonly ticket: number;
}

export function createFairQueue(): FairQueue {
  /** By namespace, in the order of their turns; none is empty. */
  const lines = new Map<string, Waiting[]>();
  const tickets = new Map<string, number>();
  let lastTicket = 0;

  /** Takes the key in this place of its line; the namespace keeps its turn. */
  function removeAt(namespace: string, line: Waiting[], place: number): string | undefined {
    const [removed] = line.splice(place, 1);
    if (line.length === 0) {
      lines.delete(namespace);
    }
    if (removed !== undefined) {
      tickets.delete(removed.key);
    }
    return removed?.key;
  }

  return {
    get size() {
      return tickets.size;
    },

    add(key) {
      if (tickets.has(key)) {
        return;
      }
      const ticket = (lastTicket += 1);
      const line = lines.get(namespaceOf(key));
      tickets.set(key, ticket);
      if (line === undefined) {
        lines.set(namespaceOf(key), [{ key, ticket }]);
      } else {
        line.push({ key, ticket });
      }
    },

    delete(key) {
      const ticket = tickets.get(key);
      const line = lines.get(namespaceOf(key));
      if (ticket !== undefined && line !== undefined) {
        removeAt(namespaceOf(key), line, placeOf(line, ticket));
      }
    },

    take() {
      const [first] = lines;
      if (first === undefined) {
        return undefined;
      }
      const [namespace, line] = first;
      lines.delete(namespace);
      lines.set(namespace, line);
      return removeAt(namespace, line, 0);
    },

    ahead(key) {
      const ticket = tickets.get(key);
      const own = lines.get(namespaceOf(key));
      if (ticket === undefined || own === undefined) {
        return tickets.size;
      }
      const place = placeOf(own, ticket);
      let count = 0;
      let isOwnTurnOver = false;
      for (const line of lines.values()) {
        isOwnTurnOver ||= line === own;
        count += Math.min(line.length, isOwnTurnOver ? place : place + 1);
      }
      return count;
    },
  };
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf('/') + 1);
}

/** Where this ticket stands in a line that holds it. */
function placeOf(line: readonly Waiting[], ticket: number): number {
  let from = 0;
  let until = line.length;
  while (from < until) {
    const middle = (from + until) >> 1;
    if ((line[middle]?.ticket ?? ticket) < ticket) {
      from = middle + 1;
    } else {
      until = middle;
    }
  }
  return from;
}
