import { join } from 'node:path';
import { kubernetesBuildFlags } from '../control-plane/buildFlags.ts';
import { ensureGoBinaries, requiredVersion } from '../support/goBinaries.ts';
import type { Progress } from '../support/progress.ts';

/** Paths of the executables of a node. */
export interface NodeBinaries {
  readonly kubelet: string;
  readonly scheduler: string;
  readonly proxy: string;
  readonly dns: string;
  /** Statically linked, for an image of nothing else. */
  readonly pause: string;
}

const DIRECTORY = join(import.meta.dirname, 'binaries');

/** Built from their Go modules unless that was done before. */
export async function ensureNodeBinaries(progress: Progress): Promise<NodeBinaries> {
  const version = requiredVersion(DIRECTORY, 'k8s.io/kubernetes');
  const directory = await ensureGoBinaries(
    {
      directory: DIRECTORY,
      title: 'the parts of a node',
      cache: 'node',
      version,
      flags: kubernetesBuildFlags(version),
      executables: {
        kubelet: { source: './cmd/kubelet', usualSeconds: 150 },
        'kube-scheduler': { source: './cmd/kube-scheduler', usualSeconds: 15 },
        'kube-proxy': { source: './cmd/kube-proxy', usualSeconds: 15 },
        coredns: { source: './cmd/coredns', usualSeconds: 30 },
        pause: { source: './cmd/pause', usualSeconds: 2 },
      },
    },
    progress,
  );
  return {
    kubelet: join(directory, 'kubelet'),
    scheduler: join(directory, 'kube-scheduler'),
    proxy: join(directory, 'kube-proxy'),
    dns: join(directory, 'coredns'),
    pause: join(directory, 'pause'),
  };
}
