import type { Call } from './answer.ts';
import type { Fault, FaultTarget } from './fakeAirflow.ts';

interface Planned {
  readonly fault: Fault;
  readonly target: FaultTarget;
  left: number;
}

export interface Faults {
  set(fault: Fault, target: FaultTarget, times: number): void;
  clear(): void;
  /** The faults that hit this call, oldest first; uses each of them up by one. */
  take(call: Call): Fault[];
}

export function createFaults(): Faults {
  let planned: Planned[] = [];

  function take(call: Call): Fault[] {
    const hits = planned.filter((entry) => matches(entry, call));
    for (const hit of hits) {
      hit.left -= 1;
    }
    planned = planned.filter((entry) => entry.left > 0);
    return hits.map((hit) => hit.fault);
  }

  return {
    set(fault, target, times) {
      planned.push({ fault, target, left: times });
    },
    clear() {
      planned = [];
    },
    take,
  };
}

function matches({ fault, target }: Planned, call: Call): boolean {
  const onlyDeploy = fault.kind === 'deployError' || fault.kind === 'readOnlyConfigs';
  return (
    (target.method === undefined || target.method === call.method) &&
    (target.path === undefined || call.path.includes(target.path)) &&
    (!onlyDeploy || call.path.endsWith('/deploy'))
  );
}
