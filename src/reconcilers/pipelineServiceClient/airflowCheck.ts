import type { AirflowInstallation } from '../../airflow/airflow.ts';
import { AirflowError, type AirflowErrorKind } from '../../airflow/airflowError.ts';
import type { ClientConditionType } from '../../api/conditionTypes.ts';
import type { Reason } from '../../api/reasons.ts';
import type { Verdict } from '../../domain/conditions.ts';
import type { Connection, InstallationFault } from '../shared/connection.ts';
import { probeWhenDue } from './probeWhenDue.ts';

export type ClientVerdict = Verdict<ClientConditionType>;

const UNREACHABLE: Readonly<Partial<Record<AirflowErrorKind, Reason>>> = {
  connectionRefused: 'ConnectionRefused',
  dnsFailed: 'DNSFailed',
  timeout: 'Timeout',
  tlsUntrusted: 'TLSUntrusted',
  tlsMismatch: 'TLSMismatch',
  managedApisNotFound: 'ManagedAPIsNotFound',
  throttled: 'Throttled',
};

const UNAUTHENTICATED: Readonly<Partial<Record<AirflowErrorKind, Reason>>> = {
  invalidCredentials: 'InvalidCredentials',
  permissionDenied: 'PermissionDenied',
};

/** Looks at Airflow and judges Reachable and Authenticated. */
export async function checkAirflow(
  connection: Connection,
  now: number,
  signal: AbortSignal,
): Promise<ClientVerdict[]> {
  try {
    const installation = await probeWhenDue(connection, now, signal);
    return [reachable(installation), authenticated(installation, connection.findings.deployFault)];
  } catch (error) {
    if (error instanceof AirflowError) {
      return judgeFailure(error);
    }
    throw error;
  }
}

function reachable({ pluginVersion, pluginBasePath }: AirflowInstallation): ClientVerdict {
  return {
    type: 'Reachable',
    status: 'True',
    reason: 'Reachable',
    message: `The managed APIs ${pluginVersion} answer at ${pluginBasePath}.`,
  };
}

function authenticated(
  { authentication, coreApi }: AirflowInstallation,
  fault: InstallationFault | undefined,
): ClientVerdict {
  if (fault?.kind === 'permissionDenied') {
    return { type: 'Authenticated', status: 'False', reason: 'PermissionDenied', message: fault.message };
  }
  if (authentication === 'enforced') {
    const accepted = 'Airflow accepts the credentials.';
    return coreApi.kind === 'unavailable'
      ? {
          type: 'Authenticated',
          status: 'True',
          reason: 'CoreAPIUnavailable',
          message: `${accepted} ${coreApi.message}`,
        }
      : { type: 'Authenticated', status: 'True', reason: 'Authenticated', message: accepted };
  }
  const limits = coreApi.kind === 'unavailable' ? ` ${coreApi.message}` : '';
  return {
    type: 'Authenticated',
    status: 'Unknown',
    reason: 'NotEnforced',
    message: `The managed APIs of this Airflow accept requests without credentials, so whoever reaches its port can deploy code: guard it with a NetworkPolicy.${limits}`,
  };
}

function judgeFailure(error: AirflowError): ClientVerdict[] {
  const { kind, message } = error;
  const refused = UNAUTHENTICATED[kind];
  if (refused !== undefined) {
    return [
      { type: 'Reachable', status: 'True', reason: 'Reachable', message: 'Airflow answers.' },
      { type: 'Authenticated', status: 'False', reason: refused, message },
    ];
  }
  return [
    { type: 'Reachable', status: 'False', reason: UNREACHABLE[kind] ?? 'ServerError', message },
    {
      type: 'Authenticated',
      status: 'Unknown',
      reason: 'NotChecked',
      message: 'Cannot be told while Airflow is not reachable.',
    },
  ];
}
