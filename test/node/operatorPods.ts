import { expect } from 'vitest';
import { z } from 'zod';
import type { Resources } from '../harness/resources.ts';
import { eventually } from '../support/eventually.ts';
import type { Node } from './node.ts';
import { residentMemory } from './processFigures.ts';

const Pod = z.object({
  metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
  status: z.object({
    podIP: z.string().optional(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
    containerStatuses: z.array(z.object({ containerID: z.string().default('') })).default([]),
  }),
});
type Pod = z.infer<typeof Pod>;
const PodList = z.object({ items: z.array(Pod) });
const Lease = z.object({ spec: z.object({ holderIdentity: z.string().default('') }) });

const PATIENCE = { timeoutMs: 120_000, intervalMs: 250 };

/** A pod of the operator that is not being deleted. */
export interface OperatorPod {
  readonly name: string;
  readonly address: string | undefined;
  readonly isReady: boolean;
  /** As the runtime knows it; empty before it has begun. */
  readonly containerId: string;
}

/** The pods of a release in its namespace. */
export interface OperatorPods {
  list(): Promise<OperatorPod[]>;
  /** Waits for so many that are ready, and not of the former ones. */
  untilReady(count: number, former?: readonly OperatorPod[]): Promise<void>;
  /** On this machine. */
  processOf(pod: OperatorPod): number;
  /** Resident memory of each, for people to read; the one that leads comes first. */
  memory(): Promise<string>;
  /** Who has the lease: the pod's name and a part that another start of it does not have; empty when nobody has. */
  holder(): Promise<string>;
}

export function operatorPods(
  node: Pick<Node, 'processesOf'>,
  resources: Resources,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): OperatorPods {
  const inNamespace = `--namespace=${namespace}`;

  async function list(): Promise<OperatorPod[]> {
    const selector = '--selector=app.kubernetes.io/component=operator';
    const json = await resources.kubectl('get', 'pods', inNamespace, selector, '--output=json');
    const { items } = PodList.parse(JSON.parse(json));
    return items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map((pod) => summaryOf(pod));
  }

  async function holder(): Promise<string> {
    const json = await resources.kubectl('get', 'lease', name, inNamespace, '--output=json');
    return Lease.parse(JSON.parse(json)).spec.holderIdentity;
  }

  function processOf({ containerId, name: podName }: OperatorPod): number {
    const [pid] = node.processesOf(containerId);
    if (pid === undefined) throw new Error(`${podName} has no process`);
    return pid;
  }

  return {
    list,
    holder,
    processOf,
    async untilReady(count, former = []) {
      await eventually(async () => {
        const ready = (await list()).filter(({ isReady }) => isReady).map((pod) => pod.name);
        expect(ready).toHaveLength(count);
        expect(ready.filter((podName) => former.some((pod) => pod.name === podName))).toEqual([]);
      }, PATIENCE);
    },
    async memory() {
      const leader = await holder();
      const all = (await list()).toSorted((one) => (leader.startsWith(`${one.name}_`) ? -1 : 1));
      return all.map((pod) => `${residentMemory(processOf(pod))} MiB`).join(', ');
    },
  };
}

function summaryOf({ metadata, status }: Pod): OperatorPod {
  const [container] = status.containerStatuses;
  return {
    name: metadata.name,
    address: status.podIP,
    isReady: status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    containerId: container?.containerID.replace('containerd://', '') ?? '',
  };
}
