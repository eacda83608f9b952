import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { KubeErrorKind } from './kubeError.ts';
import type { PooledKubeConfig } from './kubeConfig.ts';
import type { RetryLimits } from './retryDelay.ts';

/** Counters for a metrics library. */
export interface ReflectorHooks {
  failed?(kind: KubeErrorKind): void;
  listed?(objects: number, milliseconds: number): void;
  watchOpened?(): void;
}

/** Milliseconds. The defaults suit a real API server; tests shorten them. */
export interface ReflectorTiming {
  /** Pauses after errors. */
  readonly retry: RetryLimits;
  /** Pauses after a watch that ended at once. */
  readonly shortWatch: RetryLimits;
  /** Silence on a watch after which its connection counts as dead; the API server sends a bookmark every 60 s. */
  readonly idleLimit: number;
  /** How long a watch lasts before it is opened anew. */
  readonly watchDuration: number;
  /** How often everything is listed again, as a safety net. */
  readonly relistEvery: number;
}

export const DEFAULT_TIMING: ReflectorTiming = {
  retry: { first: 800, longest: 5_000 },
  shortWatch: { first: 1_000, longest: 10_000 },
  idleLimit: 75_000,
  watchDuration: 300_000,
  relistEvery: 600_000,
};

/** Where a key came from: `list` at start and on relists, `watch` for changes as they happen. */
export type KeySource = 'list' | 'watch';

export interface ReflectorOptions<T> {
  readonly kubeConfig: PooledKubeConfig;
  /** The collection, as `/apis/ingestion.open-metadata.org/v1alpha1/ingestionpipelines`. */
  readonly path: string;
  /** Only objects with these labels, as `key=value,key=value`. */
  readonly labelSelector?: string;
  /** Only these namespaces; without it the whole cluster. */
  readonly namespaces?: readonly string[];
  /**
   * Makes the stored object of one as received (already without managedFields). An object for which it throws is
   * logged and treated as absent, so it should accept whatever the API server can have stored.
   */
  parse(raw: unknown): T;
  /** Called for each key that was added, changed or deleted. */
  onKey(key: string, source: KeySource): void;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly hooks?: ReflectorHooks;
  /** Objects per LIST request; default 250. */
  readonly pageSize?: number;
  readonly timing?: Partial<ReflectorTiming>;
}
