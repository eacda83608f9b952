import type { AirflowInstallation } from '../../airflow/airflow.ts';
import type { Poller } from '../../airflow/poller.ts';
import type { Connection } from '../shared/connection.ts';

/** Milliseconds for which what a probe found stands while the poller finds Airflow well. */
const STANDS_FOR = 600_000;

/** The parts of a {@link Connection} that this takes. */
export interface Probed extends Pick<Connection, 'airflow' | 'findings'> {
  readonly poller: Pick<Poller, 'state'>;
}

/**
 * What is known of Airflow. It is probed, which takes several calls, where something is suspected (`nextCheckAt` is 0), where
 * the poller does not get on, and from time to time. Throws AirflowError.
 */
export async function probeWhenDue(
  connection: Probed,
  now: number,
  signal: AbortSignal,
): Promise<AirflowInstallation> {
  const { findings, airflow } = connection;
  if (findings.installation !== undefined && isProven(connection, findings.installation, now)) {
    return findings.installation;
  }
  const installation = await airflow.probe(signal);
  findings.installation = installation;
  findings.probedAt = now;
  return installation;
}

function isProven({ findings, poller }: Probed, installation: AirflowInstallation, now: number): boolean {
  const { probedAt = -Infinity, nextCheckAt } = findings;
  const polled = poller.state();
  return (
    nextCheckAt > 0 &&
    now - probedAt < STANDS_FOR &&
    polled.kind === 'ok' &&
    polled.coreApi.kind === 'available' &&
    installation.coreApi.kind === 'available'
  );
}
