import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningAirflow, startAirflow } from '../airflow/airflow.ts';
import { ensureControlPlaneBinaries } from '../control-plane/binaries.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { type OperatorProcess, startOperator } from '../harness/operatorProcess.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../openmetadata/standIn.ts';
import { silentProgress } from '../support/progress.ts';
import type { TemporaryDirectory } from '../support/temporaryDirectory.ts';
import type { DemoOptions } from './options.ts';
import type { Screen } from './screen.ts';
import { createShopDatabase } from './shopDatabase.ts';
import { UserKubectl } from './userKubectl.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
/** That of all examples. */
export const NAMESPACE = 'openmetadata';
const OPERATOR = 'openmetadata-ingestion-operator';

export interface Parts {
  readonly directory: string;
  readonly plane: ControlPlane;
  readonly kubectl: UserKubectl;
  readonly operator: OperatorProcess;
  readonly airflow: RunningAirflow;
  readonly openMetadata: OpenMetadataStandIn;
  /** That OpenMetadata accepts. */
  readonly botToken: string;
}

/** What to call at the end, in the opposite order. */
export type CleanUps = (() => Promise<void> | void)[];

/** Starts everything, side by side where that is possible. */
export async function startParts(
  options: DemoOptions,
  home: TemporaryDirectory,
  screen: Screen,
  cleanUps: CleanUps,
): Promise<Parts> {
  const directory = home.path;
  const botToken = randomBytes(24).toString('base64url');
  const openMetadata = await startOpenMetadata({ version: options.generation.openMetadata, token: botToken });
  cleanUps.push(() => openMetadata.stop());
  addShop(openMetadata, createShopDatabase(directory));
  const [cluster, airflow] = await Promise.all([
    startCluster(directory, screen, cleanUps),
    startAirflowPart(options, directory, screen, cleanUps),
  ]);
  return { directory, botToken, openMetadata, airflow, ...cluster };
}

function addShop(openMetadata: OpenMetadataStandIn, file: string): void {
  const config = { type: 'SQLite', databaseMode: file, database: 'shop' };
  openMetadata.addService('databaseServices', {
    name: 'shop',
    serviceType: 'SQLite',
    connection: { config },
  });
}

async function startAirflowPart(
  { generation }: DemoOptions,
  directory: string,
  screen: Screen,
  cleanUps: CleanUps,
): Promise<RunningAirflow> {
  const airflow = await startAirflow(generation, { directory: join(directory, 'airflow'), progress: screen });
  cleanUps.push(() => airflow.stop());
  return airflow;
}

async function startCluster(
  directory: string,
  screen: Screen,
  cleanUps: CleanUps,
): Promise<Pick<Parts, 'plane' | 'kubectl' | 'operator'>> {
  const plane = await startControlPlane({
    directory: join(directory, 'control-plane'),
    crds: join(ROOT, 'crds'),
    progress: screen,
  });
  cleanUps.push(() => plane.stop());
  const { kubectl: executable } = await ensureControlPlaneBinaries(silentProgress());
  const kubectl = new UserKubectl(executable, plane.adminKubeconfig, plane.directory, screen);
  await kubectl.quietly('create', 'namespace', NAMESPACE);
  await kubectl.quietly('config', 'set-context', '--current', `--namespace=${NAMESPACE}`);
  const operator = await screen.step('starting the operator under its own service account', async () => {
    await plane.apply(readFileSync(join(ROOT, 'deploy', 'rbac.yaml'), 'utf8'));
    const kubeconfig = await plane.serviceAccountKubeconfig(OPERATOR, OPERATOR);
    return startOperator({ kubeconfig, directory });
  });
  cleanUps.push(() => operator.stop());
  return { plane, kubectl, operator };
}
