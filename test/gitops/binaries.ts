import { join } from 'node:path';
import { ensureGoBinaries, requiredVersion } from '../support/goBinaries.ts';
import type { Progress } from '../support/progress.ts';

const FLAGS = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];

/** Paths of the programs that tell what others make of a resource. */
export interface ReaderBinaries {
  readonly kstatus: string;
  readonly argoLua: string;
  readonly flux: string;
}

/** Built from their Go module unless that was done before. */
export async function ensureReaders(progress: Progress): Promise<ReaderBinaries> {
  const directory = join(import.meta.dirname, 'binaries', 'readers');
  const built = await ensureGoBinaries(
    {
      directory,
      title: 'kstatus, the Lua of Argo CD and the types of Flux',
      cache: 'readers',
      version: requiredVersion(directory, 'github.com/fluxcd/cli-utils'),
      flags: FLAGS,
      executables: {
        flux: { source: './cmd/flux', usualSeconds: 60 },
        kstatus: { source: './cmd/kstatus', usualSeconds: 5 },
        'argo-lua': { source: './cmd/argo-lua', usualSeconds: 5 },
      },
    },
    progress,
  );
  return { kstatus: join(built, 'kstatus'), argoLua: join(built, 'argo-lua'), flux: join(built, 'flux') };
}

/** Path of a kube-state-metrics, built from its Go module unless that was done before. */
export async function ensureKubeStateMetrics(progress: Progress): Promise<string> {
  const directory = join(import.meta.dirname, 'binaries', 'kube-state-metrics');
  const built = await ensureGoBinaries(
    {
      directory,
      title: 'kube-state-metrics',
      cache: 'kube-state-metrics',
      version: requiredVersion(directory, 'k8s.io/kube-state-metrics/v2'),
      flags: FLAGS,
      executables: { 'kube-state-metrics': { source: 'k8s.io/kube-state-metrics/v2', usualSeconds: 90 } },
    },
    progress,
  );
  return join(built, 'kube-state-metrics');
}
