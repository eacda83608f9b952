import type { AirflowConfig } from '../api/airflowConfig.ts';
import type { JsonObject } from './json.ts';

const SECONDS_PER_DAY = 86_400;

/**
 * `airflowConfig` as the plugin takes it. A new DAG starts paused and is enabled once Airflow knows it, so that nothing
 * runs before its time. `workflowTimeout` is declared in seconds, as OpenMetadata documents it, but the plugin counts
 * days: it is rounded up, because a run cut short loses more than one that ends late.
 */
export function airflowOptions(config: AirflowConfig | undefined): JsonObject {
  const timeout = config?.workflowTimeout;
  return {
    ...config,
    pausePipeline: true,
    workflowTimeout: timeout === undefined ? undefined : Math.ceil(timeout / SECONDS_PER_DAY),
  };
}
