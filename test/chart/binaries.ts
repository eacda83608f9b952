import { join } from 'node:path';
import { ensureGoBinaries, requiredVersion } from '../support/goBinaries.ts';
import type { Progress } from '../support/progress.ts';

/** Helm takes a cluster for this version where it asks none. */
const KUBERNETES = { k8sVersionMajor: '1', k8sVersionMinor: '34' };

/** Path of a Helm, built from its Go module unless that was done before. */
export async function ensureHelm(progress: Progress): Promise<string> {
  const directory = join(import.meta.dirname, 'binaries', 'helm');
  const built = await ensureGoBinaries(
    {
      directory,
      title: 'Helm',
      cache: 'helm',
      version: requiredVersion(directory, 'helm.sh/helm/v3'),
      flags: ['-trimpath', '-buildvcs=false', '-ldflags', ['-s', '-w', ...versionStamps()].join(' ')],
      executables: { helm: { source: 'helm.sh/helm/v3/cmd/helm', usualSeconds: 120 } },
    },
    progress,
  );
  return join(built, 'helm');
}

/** Path of kube-score, a linter of manifests. */
export async function ensureKubeScore(progress: Progress): Promise<string> {
  const directory = join(import.meta.dirname, 'binaries', 'kube-score');
  const built = await ensureGoBinaries(
    {
      directory,
      title: 'kube-score',
      cache: 'kube-score',
      version: requiredVersion(directory, 'github.com/zegl/kube-score'),
      flags: ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w'],
      executables: {
        'kube-score': { source: 'github.com/zegl/kube-score/cmd/kube-score', usualSeconds: 30 },
      },
    },
    progress,
  );
  return join(built, 'kube-score');
}

/** Path of a promtool, which checks and tests the rules of Prometheus. Without what it would find targets with. */
export async function ensurePromtool(progress: Progress): Promise<string> {
  const directory = join(import.meta.dirname, 'binaries', 'promtool');
  const built = await ensureGoBinaries(
    {
      directory,
      title: 'promtool',
      cache: 'promtool',
      version: requiredVersion(directory, 'github.com/prometheus/prometheus'),
      flags: ['-trimpath', '-buildvcs=false', '-tags', 'remove_all_sd', '-ldflags', '-s -w'],
      executables: {
        promtool: { source: 'github.com/prometheus/prometheus/cmd/promtool', usualSeconds: 120 },
      },
    },
    progress,
  );
  return join(built, 'promtool');
}

function versionStamps(): string[] {
  return ['helm.sh/helm/v3/pkg/chartutil', 'helm.sh/helm/v3/pkg/lint/rules'].flatMap((where) =>
    Object.entries(KUBERNETES).map(([name, value]) => `-X ${where}.${name}=${value}`),
  );
}
