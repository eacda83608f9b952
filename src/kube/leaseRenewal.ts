import type { Clock } from '../domain/clock.ts';
import type { HeldLease } from './leaseAcquisition.ts';
import { isKubeError } from './kubeError.ts';
import type { LeaseStore } from './leaseRecord.ts';

export interface LeaseRenewal {
  /** False once the renew deadline has passed or somebody else has the lease. */
  held(): boolean;
  /** Milliseconds until {@link held} turns false without a renewal. */
  remaining(): number;
  /** Renews once. Throws KubeError if that did not work, which does not yet mean that the lease is lost. */
  renew(): Promise<void>;
  /** Gives the lease away for others to take at once. Throws KubeError. */
  release(): Promise<void>;
}

export function createLeaseRenewal(
  store: LeaseStore,
  first: HeldLease,
  options: { identity: string; duration: number; renewDeadline: number; clock: Clock },
): LeaseRenewal {
  const { identity, duration, clock } = options;
  let { resourceVersion, renewedAt } = first;
  let taken = false;

  function remaining(): number {
    return taken ? 0 : renewedAt + options.renewDeadline - clock();
  }

  /** Writes over whatever version there is by now, as long as it is ours: our own late write may have changed it. */
  async function write(holder: string, seconds: number): Promise<void> {
    const now = clock();
    const claim = { holder, duration: seconds, renewedAt: now };
    try {
      ({ resourceVersion } = await store.update(resourceVersion, claim));
    } catch (error) {
      if (!isKubeError(error, 'conflict', 'notFound')) {
        throw error;
      }
      ({ resourceVersion } = await writeAnew(claim));
    }
    renewedAt = now;
  }

  async function writeAnew(claim: Parameters<LeaseStore['create']>[0]): Promise<{ resourceVersion: string }> {
    const current = await store.read();
    if (!current) {
      return store.create({ ...claim, acquiredAt: claim.renewedAt, transitions: 0 });
    }
    if (current.holder !== identity) {
      taken = true;
      return current;
    }
    return store.update(current.resourceVersion, claim);
  }

  return {
    remaining,
    held: () => remaining() > 0,
    renew: () => write(identity, duration),
    release: () => write('', 1_000),
  };
}
