import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagedProcess } from '../support/processes.ts';
import type { Sandbox } from './sandbox.ts';

/** The container runtime of a node. */
export interface Containerd {
  readonly process: ManagedProcess;
  readonly socket: string;
  /** Loads the images of an archive, for pods. */
  importImages(archive: string): Promise<void>;
}

const IMAGES_MS = 300_000;

/** With all it has below the directory; it takes `pauseImage` for the sandboxes of pods. */
export async function startContainerd(
  sandbox: Sandbox,
  directory: string,
  pauseImage: string,
): Promise<Containerd> {
  mkdirSync(join(directory, 'cni'), { recursive: true });
  const socket = join(directory, 'containerd.sock');
  const configuration = join(directory, 'config.toml');
  writeFileSync(configuration, configurationOf(directory, socket, pauseImage));
  writeFileSync(join(directory, 'cni', 'pods.conflist'), JSON.stringify(cni(sandbox, directory)));

  function ctr(...args: readonly string[]): ReturnType<Sandbox['run']> {
    return sandbox.run('ctr', ['--address', socket, '--namespace', 'k8s.io', ...args], IMAGES_MS);
  }

  const options = {
    command: 'containerd',
    args: ['--config', configuration],
    logFile: join(directory, 'containerd.log'),
  };
  const process = await sandbox.start(options, async () => (await ctr('version')).exitCode === 0, {
    timeoutMs: 30_000,
  });
  return {
    process,
    socket,
    async importImages(archive) {
      const { exitCode, stderr } = await ctr('images', 'import', archive);
      if (exitCode !== 0) throw new Error(`import of ${archive}: ${stderr}`);
    },
  };
}

/** Scores for the kernel's killer can only be lowered with a right that some machines do not give. */
function configurationOf(directory: string, socket: string, pauseImage: string): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `
version = 2
root = "${join(directory, 'root')}"
state = "${join(directory, 'state')}"
[grpc]
  address = "${socket}"
[${cri}]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
[${cri}.cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${join(directory, 'cni')}"
[${cri}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
`;
}

function cni({ network }: Sandbox, directory: string): object {
  const addresses = {
    type: 'host-local',
    dataDir: join(directory, 'addresses'),
    ranges: [[{ subnet: network.podRange }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  const bridge = { type: 'bridge', bridge: 'pods', isGateway: true, ipMasq: true, hairpinMode: true };
  return { cniVersion: '0.4.0', name: 'pods', plugins: [{ ...bridge, ipam: addresses }] };
}
