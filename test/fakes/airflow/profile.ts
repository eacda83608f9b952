import type { AirflowGeneration } from './fakeAirflow.ts';

/** How one real installation differs from the others. */
export interface Profile {
  readonly generation: AirflowGeneration;
  readonly major: 2 | 3;
  readonly pluginVersion: string;
  readonly pluginPath: string;
  readonly corePath: string;
  /** The plugin hides the text of every 5xx. */
  readonly masked: boolean;
  /** The rows of a DAG that has run cannot be deleted by the plugin (Airflow 3: they are referred to). */
  readonly keepsRowsOfRuns: boolean;
  readonly dagsFolder: string;
}

export const profiles: Readonly<Record<AirflowGeneration, Profile>> = {
  '2.7.3': {
    generation: '2.7.3',
    major: 2,
    pluginVersion: '1.3.3.0',
    pluginPath: '/api/v1/openmetadata',
    corePath: '/api/v1',
    masked: false,
    keepsRowsOfRuns: false,
    dagsFolder: '/opt/airflow/dags',
  },
  '2.10.5': {
    generation: '2.10.5',
    major: 2,
    pluginVersion: '1.10.2.0',
    pluginPath: '/api/v1/openmetadata',
    corePath: '/api/v1',
    masked: false,
    keepsRowsOfRuns: false,
    dagsFolder: '/opt/airflow/dags',
  },
  '3.3.0': {
    generation: '3.3.0',
    major: 3,
    pluginVersion: '2.0.5.1',
    pluginPath: '/pluginsv2/api/v2/openmetadata',
    corePath: '/api/v2',
    masked: true,
    keepsRowsOfRuns: true,
    dagsFolder: '/opt/airflow/dags',
  },
};
