import type { ControllerHooks } from '../controller/controller.ts';
import { createWorkQueue, type WorkQueue } from '../controller/workQueue.ts';
import type { OperatorOptions } from './options.ts';

/** A controller's queue with its name and its meters. */
export interface NamedQueue {
  readonly name: string;
  readonly queue: WorkQueue;
  readonly hooks: ControllerHooks;
}

export interface Queues {
  readonly pipelines: NamedQueue;
  readonly clients: NamedQueue;
}

export function createQueues(options: OperatorOptions): Queues {
  return {
    pipelines: createNamedQueue('ingestionpipeline', options),
    clients: createNamedQueue('pipelineserviceclient', options),
  };
}

function createNamedQueue(name: string, { settings, metrics, clock, random }: OperatorOptions): NamedQueue {
  const meters = metrics.forController(name, settings.concurrency, () => queue.status().depth);
  const queue = createWorkQueue({ clock, random, hooks: meters.queue });
  return { name, queue, hooks: meters.controller };
}
