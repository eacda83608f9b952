import { join } from 'node:path';
import { ensureGoBinaries, requiredVersion } from '../support/goBinaries.ts';
import type { Progress } from '../support/progress.ts';

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
      flags: ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w'],
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
