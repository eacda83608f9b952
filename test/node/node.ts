import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { kubectlOrThrow } from '../control-plane/kubectl.ts';
import type { Progress } from '../support/progress.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporaryDirectory.ts';
import { ensureNodeBinaries, type NodeBinaries } from './binaries.ts';
import { startClusterServices } from './clusterServices.ts';
import { type Containerd, startContainerd } from './containerd.ts';
import { type ControlGroup, createControlGroup } from './controlGroup.ts';
import { startKubelet } from './kubelet.ts';
import { giveOwnDirectories } from './ownDirectories.ts';
import { archiveImage } from './plainImage.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

/** A cluster of one node that runs pods. */
export interface Node {
  readonly plane: ControlPlane;
  readonly directory: string;
  /** This machine, as pods see it. */
  readonly hostAddress: string;
  /** Loads the images of an archive, for pods. */
  importImages(archive: string): Promise<void>;
  /** The numbers, on this machine, of the processes of a container. */
  processesOf(containerId: string): number[];
  /** Ends pods, node and control plane, and leaves nothing of them. */
  stop(): Promise<void>;
}

const PAUSE_IMAGE = 'localhost/pause:1';

/** What is started, in order, for the way back. */
interface Undo {
  readonly steps: (() => Promise<void> | void)[];
}

/** Needs the superuser and what `ensureDebianPackages` installs. `keep` leaves its directory there, with the logs. */
export async function startNode(progress: Progress, keep = false): Promise<Node> {
  const binaries = await ensureNodeBinaries(progress);
  const home = temporaryDirectory('node', keep);
  const undo: Undo = { steps: [() => home.remove()] };
  try {
    return await launch(binaries, home, progress, undo);
  } catch (error) {
    await stop(undo);
    throw error;
  }
}

async function stop({ steps }: Undo): Promise<void> {
  for (const step of steps.splice(0).toReversed()) await step();
}

async function launch(
  binaries: NodeBinaries,
  home: TemporaryDirectory,
  progress: Progress,
  undo: Undo,
): Promise<Node> {
  const nodeName = basename(home.path).toLowerCase();
  const directory = home.path;
  const controlGroup = createControlGroup(nodeName);
  undo.steps.push(() => controlGroup.remove());
  const sandbox = await startSandbox(binaries.pause, directory);
  const removeMountPoints = await giveOwnDirectories(sandbox, directory);
  undo.steps.push(removeMountPoints, () => sandbox.stop());
  const plane = await startControlPlane({
    progress,
    directory: join(directory, 'plane'),
    podNetworkAddress: sandbox.network.hostAddress,
  });
  undo.steps.push(() => plane.stop());
  const containerd = await progress.step('starting the node', () =>
    startParts(sandbox, { binaries, directory, plane, controlGroup, nodeName }),
  );
  return {
    plane,
    directory,
    hostAddress: sandbox.network.hostAddress,
    importImages: containerd.importImages,
    processesOf: controlGroup.processesOf,
    stop: () => stop(undo),
  };
}

interface Parts {
  readonly binaries: NodeBinaries;
  readonly directory: string;
  readonly plane: ControlPlane;
  readonly controlGroup: ControlGroup;
  readonly nodeName: string;
}

async function startParts(sandbox: Sandbox, parts: Parts): Promise<Containerd> {
  const { binaries, directory, plane, controlGroup, nodeName } = parts;
  const containerd = await startContainerd(sandbox, join(directory, 'containerd'), PAUSE_IMAGE);
  await containerd.importImages(await pauseImage(binaries.pause, join(directory, 'pause')));
  const kubeconfig = plane.adminKubeconfig;
  await startKubelet(sandbox, {
    executable: binaries.kubelet,
    directory: join(directory, 'kubelet'),
    kubeconfig,
    authorityCertificate: join(plane.directory, 'certificates', 'ca.crt'),
    runtimeSocket: containerd.socket,
    controlGroup: controlGroup.name,
    nodeName,
  });
  await startClusterServices(sandbox, {
    binaries,
    directory: join(directory, 'services'),
    kubeconfig,
    nodeName,
  });
  await kubectlOrThrow(plane.kubectl, ['wait', '--for=create', 'node', nodeName, '--timeout=30s']);
  await kubectlOrThrow(plane.kubectl, ['wait', '--for=condition=Ready', 'node', nodeName, '--timeout=50s']);
  return containerd;
}

function pauseImage(executable: string, directory: string): Promise<string> {
  const files = join(directory, 'files');
  mkdirSync(files, { recursive: true });
  copyFileSync(executable, join(files, 'pause'));
  return archiveImage(directory, { name: PAUSE_IMAGE, files, entrypoint: ['/pause'] });
}
