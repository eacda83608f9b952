import { join } from 'node:path';
import { type CommandResult, runCommand } from '../support/runCommand.ts';

export interface KubectlOptions {
  readonly stdin?: string;
  /** That of the administrator when left out. */
  readonly kubeconfig?: string;
}

export type Kubectl = (args: readonly string[], options?: KubectlOptions) => Promise<CommandResult>;

/** A kubectl that neither reads nor writes the settings and caches of the user who runs the tests. */
export function createKubectl(executable: string, adminKubeconfig: string, directory: string): Kubectl {
  return (args, options = {}) =>
    runCommand(executable, args, {
      stdin: options.stdin,
      env: {
        ...process.env,
        KUBECONFIG: options.kubeconfig ?? adminKubeconfig,
        KUBECACHEDIR: join(directory, 'kubectl-cache'),
        KUBECTL_KUBERC: 'false',
      },
    });
}

/** Standard output of a kubectl call that has to succeed. */
export async function kubectlOrThrow(
  kubectl: Kubectl,
  args: readonly string[],
  options?: KubectlOptions,
): Promise<string> {
  const { stdout, stderr, exitCode } = await kubectl(args, options);
  if (exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

export async function applyManifest(kubectl: Kubectl, manifest: string): Promise<void> {
  await kubectlOrThrow(kubectl, ['apply', '-f', '-'], { stdin: manifest });
}

/** From a file or a directory, to their end: the API server serves their kinds. */
export async function applyCrds(kubectl: Kubectl, crds: string | undefined): Promise<void> {
  if (crds === undefined) return;
  await kubectlOrThrow(kubectl, ['apply', '--filename', crds]);
  await kubectlOrThrow(kubectl, ['wait', '--for=condition=Established', '--timeout=30s', '--filename', crds]);
}
