import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Cluster } from './cluster.ts';
import { expectReady } from './expectations.ts';
import { pipelineManifest } from './manifests.ts';

export interface RolloutOptions {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly pipelines: number;
  readonly kills: number;
  /** Milliseconds that an operator lives before it is killed, at least and at most. */
  readonly lifetime: readonly [number, number];
  readonly flags: Readonly<Record<string, string>>;
  /** Milliseconds that the last operator has to finish. */
  readonly timeout: number;
}

/**
 * Rolls out pipelines while the operator is killed at random moments and started again, and waits until the last one
 * has brought all of them to Ready. Each has a lease of its own, as if the time that a dead leader's lease lasts had
 * gone by. Returns the moments of the kills, in milliseconds of each life.
 */
export async function rollOutUnderKills(options: RolloutOptions): Promise<number[]> {
  const { cluster, namespace, pipelines, kills, lifetime, flags } = options;
  const names = Array.from({ length: pipelines }, (_, index) => `pipeline-${index}`);
  await cluster.apply(...names.map((name) => pipelineManifest({ namespace, name })));
  const lives: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const operator = await cluster.startOperator({ ...flags, 'lease-name': `life-${kill}` });
    const life = lifetime[0] + Math.random() * (lifetime[1] - lifetime[0]);
    await sleep(life);
    await operator.kill();
    lives.push(Math.round(life));
  }
  const last = await cluster.startOperator({ ...flags, 'lease-name': 'last-life' });
  await eventually(
    async () => {
      const all = (await cluster.pipelines()).filter(({ metadata }) => metadata.namespace === namespace);
      expect(all).toHaveLength(pipelines);
      all.forEach(expectReady);
    },
    { timeoutMs: options.timeout, intervalMs: 500 },
  );
  await last.stop();
  return lives;
}
