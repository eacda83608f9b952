import type { Airflow } from '../../src/airflow/airflow.ts';
import { createAirflow } from '../../src/airflow/airflowClient.ts';
import { SecretValue } from '../../src/domain/secretValue.ts';
import type { OpenMetadataStandIn } from '../openmetadata/standIn.ts';
import { eventually } from '../support/eventually.ts';

/** An Airflow under test, real or fake, and what stands around it. */
export interface Subject {
  readonly generation: '2.7.3' | '2.10.5' | '3.3.0';
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly openMetadata: OpenMetadataStandIn;
  /** A version of OpenMetadata that fits the plugin, three numbers; and the token that the stand-in asks for. */
  readonly openMetadataVersion: string;
  readonly token: string;
  /** A database service known to OpenMetadata whose ingestion succeeds. */
  readonly service: { readonly id: string; readonly name: string };
  createUser(username: string, password: string, role: 'Viewer'): Promise<void>;
  /** Sets the pause state as the Airflow UI does. */
  pauseByHand(dagId: string, paused: boolean): Promise<void>;
  /** Makes the DAG file of a deployed pipeline fail with a traceback that ends in this text. */
  breakDagFile(dagId: string, text: string): Promise<void>;
  /** How long to wait for what the scheduler, or a run, has to do. */
  readonly patienceMilliseconds: number;
}

/** One sentence about how the door to Airflow behaves. */
export interface ContractCase {
  readonly sentence: string;
  run(subject: Subject): Promise<void>;
}

interface Changes {
  readonly username?: string;
  readonly password?: string;
  readonly endpoint?: string;
  readonly timeout?: number;
  readonly deployTimeout?: number;
}

/** Opens the door, does something with it, and closes it. */
export async function withAirflow<T>(
  subject: Pick<Subject, 'url' | 'username' | 'password'>,
  use: (airflow: Airflow, signal: AbortSignal) => Promise<T>,
  changes: Changes = {},
): Promise<T> {
  const airflow = createAirflow({
    endpoint: changes.endpoint ?? subject.url,
    username: changes.username ?? subject.username,
    password: new SecretValue(changes.password ?? subject.password),
    tls: { verify: 'no-ssl' },
    timeoutMilliseconds: changes.timeout ?? 30_000,
    ...(changes.deployTimeout !== undefined && { deployTimeoutMilliseconds: changes.deployTimeout }),
  });
  try {
    return await use(airflow, new AbortController().signal);
  } finally {
    airflow.close();
  }
}

/** Repeats until it passes, for as long as the subject needs. */
export async function patiently<T>(subject: Subject, assertion: () => Promise<T>): Promise<T> {
  return await eventually(assertion, {
    timeoutMs: subject.patienceMilliseconds,
    intervalMs: subject.patienceMilliseconds / 200,
  });
}
