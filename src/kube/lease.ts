import type { PooledKubeConfig } from './kubeConfig.ts';
import { elect, type ElectionOptions } from './leaderElection.ts';
import { createLeaseStore } from './leaseRecord.ts';

export interface LeaseOptions extends ElectionOptions {
  readonly kubeConfig: PooledKubeConfig;
  readonly namespace: string;
}

/**
 * Waits for the lease, works under it and renews it, with 15/10/2 s as controller-runtime. Returns `stopped` after a
 * clean end and `lost` when the lease could not be renewed in time; the caller then has to exit, non-zero. Rejects only
 * with what `onAcquired` rejects with, having released the lease.
 */
export async function runWithLease(options: LeaseOptions): Promise<'stopped' | 'lost'> {
  const timing = { leaseDuration: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 };
  const deadline = timing.renewDeadline / 2;
  return elect(createLeaseStore(options.kubeConfig, { ...options, deadline }), options, timing);
}
