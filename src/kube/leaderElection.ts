import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import { toKubeError } from './kubeError.ts';
import { createLeaseAcquisition, type HeldLease } from './leaseAcquisition.ts';
import type { LeaseStore } from './leaseRecord.ts';
import { createLeaseRenewal, type LeaseRenewal } from './leaseRenewal.ts';
import { pause } from './pause.ts';

/** Milliseconds. */
export interface LeaseTiming {
  /** How long others respect a lease that is not renewed. */
  readonly leaseDuration: number;
  /** How long this process may believe that it leads without having renewed. */
  readonly renewDeadline: number;
  /** Longest pause between two attempts to acquire or renew. */
  readonly retryPeriod: number;
}

export interface ElectionOptions {
  /** Of the lease. */
  readonly name: string;
  /** Unique to this process, as the pod's name and a random part. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** Clean shutdown: the lease is released once `onAcquired` has finished. */
  readonly signal: AbortSignal;
  /**
   * The work of a leader. `leadSignal` is aborted only when the lead is lost: then stop at once. On a clean shutdown
   * (`signal`) the lease is kept until the returned promise settles. `held()` is false as soon as the lead may be
   * over, even before a timer could fire, as after a suspended process: ask it before each write to the outside.
   */
  onAcquired(leadSignal: AbortSignal, held: () => boolean): Promise<void>;
}

/** The work of `runWithLease`, over any store of leases. */
export async function elect(
  store: LeaseStore,
  options: ElectionOptions,
  timing: LeaseTiming,
): Promise<'stopped' | 'lost'> {
  const held = await acquire(store, options, timing);
  return held ? lead(store, held, options, timing) : 'stopped';
}

async function acquire(
  store: LeaseStore,
  { identity, clock, random, log, signal, name }: ElectionOptions,
  { leaseDuration, retryPeriod }: LeaseTiming,
): Promise<HeldLease | undefined> {
  const acquisition = createLeaseAcquisition(store, { identity, duration: leaseDuration, clock });
  while (!signal.aborted) {
    const longest = retryPeriod * (0.75 + random() / 4);
    try {
      const result = await acquisition.attempt();
      if ('held' in result) {
        log.info({ lease: name, identity }, 'acquired the lease');
        return result.held;
      }
      await pause(Math.min(longest, result.freeIn), signal);
    } catch (error) {
      log.debug(
        { lease: name, reason: toKubeError(error).message },
        'could not acquire the lease, trying again',
      );
      await pause(longest, signal);
    }
  }
  return undefined;
}

async function lead(
  store: LeaseStore,
  first: HeldLease,
  options: ElectionOptions,
  timing: LeaseTiming,
): Promise<'stopped' | 'lost'> {
  const renewal = createLeaseRenewal(store, first, { ...options, ...timing, duration: timing.leaseDuration });
  const lost = new AbortController();
  const finished = new AbortController();
  const work = workUnderLease(options, lost.signal, renewal.held).finally(() => finished.abort());
  // Its failure is reported when it is awaited below, and must not count as unhandled until then.
  work.catch(() => {});
  const kept = await keep(renewal, finished.signal, options, timing.retryPeriod);
  if (kept) {
    await release(renewal, options);
    await work;
    return 'stopped';
  }
  options.log.error({ lease: options.name }, 'lost the lease');
  lost.abort(new DOMException('the lease is lost', 'AbortError'));
  // Nobody else can have the lease yet, so what is being undone may take a moment.
  const grace = Math.max(0, timing.leaseDuration - timing.renewDeadline - 1_000);
  await Promise.race([work.catch(() => {}), pause(grace, finished.signal)]);
  return 'lost';
}

async function workUnderLease(
  options: ElectionOptions,
  lost: AbortSignal,
  held: () => boolean,
): Promise<void> {
  await options.onAcquired(lost, held);
}

/** Renews until the work is finished (true) or the lease is lost (false), at the very moment it is. */
async function keep(
  renewal: LeaseRenewal,
  finished: AbortSignal,
  { log, name }: ElectionOptions,
  retryPeriod: number,
): Promise<boolean> {
  while (!finished.aborted && renewal.held()) {
    await pause(Math.min(retryPeriod, renewal.remaining()), finished);
    if (finished.aborted || !renewal.held()) {
      break;
    }
    const renewing = renewal.renew().catch((error: unknown) => {
      log.warn(
        { lease: name, reason: toKubeError(error).message },
        'could not renew the lease, trying again',
      );
    });
    // Ends with the lease rather than with the finished work: a release must not overtake a renewal.
    await firstOf(renewing, renewal.remaining());
  }
  return renewal.held();
}

async function firstOf(work: Promise<void>, milliseconds: number): Promise<void> {
  const done = new AbortController();
  await Promise.race([work.finally(() => done.abort()), pause(milliseconds, done.signal)]);
}

async function release(renewal: LeaseRenewal, { log, name }: ElectionOptions): Promise<void> {
  try {
    await renewal.release();
    log.info({ lease: name }, 'released the lease');
  } catch (error) {
    log.warn(
      { lease: name, reason: toKubeError(error).message },
      'could not release the lease, it will run out',
    );
  }
}
