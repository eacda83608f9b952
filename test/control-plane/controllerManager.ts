import { join } from 'node:path';
import type { ManagedProcess } from '../support/processes.ts';
import { startReadyProcess } from '../support/waitUntilReady.ts';
import type { AdminClient } from './adminClient.ts';
import type { PlaneSettings } from './planeSettings.ts';

const CONTROLLERS = [
  'garbage-collector-controller',
  'namespace-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'root-ca-certificate-publisher-controller',
  'clusterrole-aggregation-controller',
  'validatingadmissionpolicy-status-controller',
];

const CONTROLLERS_FOR_PODS = [
  'deployment-controller',
  'disruption-controller',
  'endpointslice-controller',
  'node-lifecycle-controller',
  'persistentvolume-binder-controller',
  'pod-garbage-collector-controller',
  'replicaset-controller',
  'taint-eviction-controller',
];

/** What its controllers make in every namespace, so it is there when they work. */
const FIRST_PRODUCTS = [
  '/api/v1/namespaces/default/serviceaccounts/default',
  '/api/v1/namespaces/default/configmaps/kube-root-ca.crt',
];

export async function startControllerManager(
  settings: PlaneSettings,
  client: AdminClient,
): Promise<ManagedProcess> {
  const options = {
    command: settings.binaries.controllerManager,
    args: flags(settings),
    logFile: join(settings.directory, 'kube-controller-manager.log'),
  };
  return startReadyProcess(options, () => allExist(client), { timeoutMs: 60_000 });
}

function flags(settings: PlaneSettings): string[] {
  const controllers = [...CONTROLLERS, ...(settings.servesPods ? CONTROLLERS_FOR_PODS : [])];
  return [
    `--kubeconfig=${settings.adminKubeconfig}`,
    `--controllers=${controllers.join(',')}`,
    `--service-account-private-key-file=${settings.certificates.serviceAccountPrivateKey}`,
    `--root-ca-file=${settings.certificates.authority.certificate}`,
    '--leader-elect=false',
    '--use-service-account-credentials=false',
    // It serves nothing that a test asks for.
    '--secure-port=0',
    // With the defaults (20 a second) it would need minutes for a namespace with thousands of objects.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ];
}

async function allExist(client: AdminClient): Promise<boolean> {
  const answers = await Promise.all(FIRST_PRODUCTS.map((path) => client.get(path)));
  return answers.every((answer) => answer.status === 200);
}
