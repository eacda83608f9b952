import type { Settings } from '../config.ts';
import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { PooledKubeConfig } from '../kube/kubeConfig.ts';
import type { Metrics } from '../observe/metrics.ts';

export interface OperatorOptions {
  readonly settings: Settings;
  readonly kubeConfig: PooledKubeConfig;
  /** Unique to this process. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: Metrics;
}
