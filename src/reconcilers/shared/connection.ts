import type { Airflow, AirflowInstallation } from '../../airflow/airflow.ts';
import type { DeployGate } from '../../airflow/deployGate.ts';
import type { Poller } from '../../airflow/poller.ts';
import type { Version } from '../../domain/version.ts';
import type { OpenMetadata } from '../../openmetadata/openMetadata.ts';
import type { ClientCredentials } from './clientCredentials.ts';
import type { LookTimes } from './lookTimes.ts';

/** Everything it takes to work with one PipelineServiceClient: its doors, and what was last found behind them. */
export interface Connection {
  /** Changes when anything changes that the doors were made from. */
  readonly fingerprint: string;
  readonly credentials: ClientCredentials;
  readonly airflow: Airflow;
  readonly openMetadata: OpenMetadata;
  readonly poller: Poller;
  readonly gate: DeployGate;
  /** Written by the client's reconciler, read by the pipelines'. */
  readonly findings: Findings;
  /** When the entities of pipelines were last looked at in OpenMetadata. */
  readonly entityLooks: LookTimes;
  /** Pipelines whose document Airflow is still to read out of its mount. */
  readonly awaitingMount: Set<string>;
  /** When which file of DAGs was asked to be read again. */
  readonly reparses: LookTimes;
  close(): void;
}

/** What the last check of a client found. */
export interface Findings {
  /** Why pipelines cannot be deployed now; undefined while they can, and before the first check. */
  blockedBy?: string | undefined;
  checked: boolean;
  /** Milliseconds since 1970: until then the last check holds. 0 after a call that failed. */
  nextCheckAt: number;
  installation?: AirflowInstallation | undefined;
  /** Milliseconds since 1970: when `installation` was found. */
  probedAt?: number | undefined;
  openMetadataVersion?: Version | undefined;
  /** Faults of the installation that only a deploy brings to light, until one succeeds. */
  deployFault?: InstallationFault | undefined;
}

export interface InstallationFault {
  readonly kind: 'configsDirectoryReadOnly' | 'permissionDenied';
  readonly message: string;
}
