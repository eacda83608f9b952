import type { BackendInstallation, PipelineBackend } from '../domain/pipelineBackend.ts';

export type { CoreApiAvailability, DagRunQuery, ImportError } from '../domain/pipelineBackend.ts';

/** The backend that `spec.type: Airflow` stands for. Every verb throws AirflowError. */
export type Airflow = PipelineBackend;

export type AirflowInstallation = BackendInstallation;
