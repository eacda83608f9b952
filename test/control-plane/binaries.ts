import { join } from 'node:path';
import { ensureGoBinaries, type GoModule, requiredVersion } from '../support/goBinaries.ts';
import type { Progress } from '../support/progress.ts';
import { kubernetesBuildFlags } from './buildFlags.ts';

/** Paths of the executables. */
export interface Binaries {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly kubectl: string;
}

const DIRECTORY = join(import.meta.dirname, 'binaries');
const KUBERNETES_VERSION = requiredVersion(DIRECTORY, 'k8s.io/kubernetes');

const MODULE: GoModule = {
  directory: DIRECTORY,
  title: 'the control plane',
  cache: 'control-plane',
  version: KUBERNETES_VERSION,
  flags: kubernetesBuildFlags(KUBERNETES_VERSION),
  executables: {
    etcd: { source: './cmd/etcd', usualSeconds: 60 },
    'kube-apiserver': { source: './cmd/kube-apiserver', usualSeconds: 180 },
    'kube-controller-manager': { source: './cmd/kube-controller-manager', usualSeconds: 45 },
    kubectl: { source: './cmd/kubectl', usualSeconds: 30 },
  },
};

/** The control plane's executables, built from their Go modules unless that was done before. */
export async function ensureControlPlaneBinaries(progress: Progress): Promise<Binaries> {
  const directory = await ensureGoBinaries(MODULE, progress);
  return {
    etcd: join(directory, 'etcd'),
    apiServer: join(directory, 'kube-apiserver'),
    controllerManager: join(directory, 'kube-controller-manager'),
    kubectl: join(directory, 'kubectl'),
  };
}
