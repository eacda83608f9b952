import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AirflowEnvironment } from './environment.ts';
import type { Generation } from './generations.ts';

/** The places below an AIRFLOW_HOME. */
export interface HomeLayout {
  readonly home: string;
  readonly dagsFolder: string;
  readonly generatedConfigs: string;
  readonly database: string;
  readonly logs: string;
  /** Of all processes of this Airflow, and of no others. */
  readonly workingDirectory: string;
}

export function layoutOf(home: string): HomeLayout {
  return {
    home,
    dagsFolder: join(home, 'dags'),
    generatedConfigs: join(home, 'dag_generated_configs'),
    database: join(home, 'airflow.db'),
    logs: join(home, 'logs'),
    workingDirectory: join(home, 'working-directory'),
  };
}

/** 32 bytes in base64url, as Airflow's keys need to be. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** The whole environment of Airflow's processes: that of this process without what would lead them elsewhere. */
export function airflowProcessEnvironment(
  environment: AirflowEnvironment,
  layout: HomeLayout,
  url: string,
  secret: string,
): Record<string, string> {
  const { bin, directory } = environment;
  return {
    ...inherited(),
    ...airflowSettings(environment.generation, layout, url, secret),
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    VIRTUAL_ENV: directory,
  };
}

/** What Airflow itself has to be told. */
export function airflowSettings(
  generation: Generation,
  layout: HomeLayout,
  url: string,
  secret: string,
): Record<string, string> {
  return {
    ...commonSettings(layout, secret),
    ...(generation.major === 2
      ? airflow2Settings(layout, url, secret)
      : airflow3Settings(layout, url, secret)),
    AIRFLOW_HOME: layout.home,
  };
}

const LEADS_ELSEWHERE = /^(?:AIRFLOW|_AIRFLOW|PYTHON|OPENMETADATA|VIRTUAL_ENV|(?:https?|ftp|all|no)_proxy$)/i;

function inherited(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !LEADS_ELSEWHERE.test(name)) kept[name] = value;
  }
  return kept;
}

function commonSettings(layout: HomeLayout, secret: string): Record<string, string> {
  return {
    HOME: layout.home,
    // The plugin takes the local time for that of Airflow.
    TZ: 'UTC',
    NO_PROXY: '*',
    PYTHONNOUSERSITE: '1',
    DO_NOT_TRACK: 'true',
    SCARF_ANALYTICS: 'false',
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
    AIRFLOW__CORE__DAGS_FOLDER: layout.dagsFolder,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__PARALLELISM: '2',
    AIRFLOW__CORE__FERNET_KEY: `${secret}=`,
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${layout.database}`,
    AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS: 'False',
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: layout.logs,
    AIRFLOW__OPENMETADATA_AIRFLOW_APIS__DAG_GENERATED_CONFIGS: layout.generatedConfigs,
  };
}

function airflow2Settings(layout: HomeLayout, url: string, secret: string): Record<string, string> {
  return {
    // The only executor that Airflow 2 itself allows with SQLite blocks the scheduler while a task runs.
    _AIRFLOW__SKIP_DATABASE_EXECUTOR_COMPATIBILITY_CHECK: '1',
    AIRFLOW__API__AUTH_BACKENDS: 'airflow.api.auth.backend.basic_auth,airflow.api.auth.backend.session',
    AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL: '2',
    AIRFLOW__SCHEDULER__CHILD_PROCESS_LOG_DIRECTORY: join(layout.logs, 'dag-files'),
    AIRFLOW__WEBSERVER__BASE_URL: url,
    AIRFLOW__WEBSERVER__SECRET_KEY: secret,
  };
}

function airflow3Settings(layout: HomeLayout, url: string, secret: string): Record<string, string> {
  return {
    AIRFLOW__CORE__AUTH_MANAGER: 'airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager',
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${url}/execution/`,
    AIRFLOW__API__BASE_URL: url,
    AIRFLOW__API__SECRET_KEY: secret,
    AIRFLOW__API_AUTH__JWT_SECRET: secret,
    AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY: join(layout.logs, 'dag-files'),
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: '5',
    AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL: '1',
  };
}
