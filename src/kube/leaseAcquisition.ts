import type { Clock } from '../domain/clock.ts';
import type { LeaseRecord, LeaseStore } from './leaseRecord.ts';

/** Proof of a lease held: its version, and the moment from which the renewal counts. */
export interface HeldLease {
  readonly resourceVersion: string;
  readonly renewedAt: number;
}

export interface LeaseAcquisition {
  /** Takes the lease if it is free. If not, gives the milliseconds after which it would be. */
  attempt(): Promise<{ readonly held: HeldLease } | { readonly freeIn: number }>;
}

/**
 * Whether another holder is alive is judged by our own clock alone, from when we saw its last renewal, so that clocks
 * of different machines need not agree.
 */
export function createLeaseAcquisition(
  store: LeaseStore,
  { identity, duration, clock }: { identity: string; duration: number; clock: Clock },
): LeaseAcquisition {
  let observed: { readonly resourceVersion: string; readonly at: number } | undefined;

  function freeIn(lease: LeaseRecord): number {
    if (lease.holder === '' || lease.holder === identity) {
      return 0;
    }
    if (observed?.resourceVersion !== lease.resourceVersion) {
      observed = { resourceVersion: lease.resourceVersion, at: clock() };
    }
    return observed.at + lease.duration - clock();
  }

  async function take(lease: LeaseRecord | undefined): Promise<HeldLease> {
    const now = clock();
    const claim = { holder: identity, duration, renewedAt: now, acquiredAt: now };
    const { resourceVersion } = lease
      ? await store.update(lease.resourceVersion, { ...claim, transitions: lease.transitions + 1 })
      : await store.create({ ...claim, transitions: 0 });
    return { resourceVersion, renewedAt: now };
  }

  return {
    async attempt() {
      const lease = await store.read();
      const wait = lease ? freeIn(lease) : 0;
      return wait > 0 ? { freeIn: wait } : { held: await take(lease) };
    },
  };
}
