import { join } from 'node:path';
import { writeKubeconfig } from './kubeconfig.ts';
import { type Kubectl, kubectlOrThrow } from './kubectl.ts';
import type { PlaneSettings } from './planeSettings.ts';

interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

/** Writes a kubeconfig with a token for that account, which has to exist; returns its path. */
export async function tokenKubeconfig(
  { cluster, directory }: PlaneSettings,
  kubectl: Kubectl,
  { namespace, name }: ServiceAccount,
): Promise<string> {
  const args = ['create', 'token', name, `--namespace=${namespace}`, '--duration=24h'];
  const token = await kubectlOrThrow(kubectl, args);
  const path = join(directory, `${namespace}.${name}.kubeconfig`);
  writeKubeconfig(path, cluster, { token: token.trim() });
  return path;
}
