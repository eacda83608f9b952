import { type Progress, silentProgress } from '../support/progress.ts';
import type { CommandResult } from '../support/runCommand.ts';
import {
  givenDirectory,
  type TemporaryDirectory,
  temporaryDirectory,
} from '../support/temporaryDirectory.ts';
import { type Binaries, ensureControlPlaneBinaries } from './binaries.ts';
import { applyCrds, applyManifest, createKubectl, type KubectlOptions } from './kubectl.ts';
import { PlaneProcesses } from './planeProcesses.ts';
import { type PlaneChoices, type PlaneSettings, preparePlane } from './planeSettings.ts';
import { tokenKubeconfig } from './tokenKubeconfig.ts';

/** A running API server with etcd and the controllers that owner references and namespaces need; without nodes of its own. */
export interface ControlPlane {
  readonly url: string;
  /** Path of a kubeconfig that may do everything. */
  readonly adminKubeconfig: string;
  /** All that belongs to this plane: data, certificates, logs. */
  readonly directory: string;
  /** Path of the audit log: JSON lines, every request of everybody, without bodies. */
  readonly auditLog: string;
  kubectl(args: readonly string[], options?: KubectlOptions): Promise<CommandResult>;
  /** `kubectl apply -f -`; throws what kubectl says when it fails. */
  apply(manifest: string): Promise<void>;
  /** A kubeconfig with a token (24 h) of that service account, which has to exist; returns its path. */
  serviceAccountKubeconfig(namespace: string, name: string): Promise<string>;
  /** For fault tests. The other parts keep running. */
  stopApiServer(): Promise<void>;
  /** With the same address and the same data; returns when it serves. */
  startApiServer(): Promise<void>;
  /** Stops everything and removes the directory, unless it was given or is to be kept. May be called again. */
  stop(): Promise<void>;
}

export interface ControlPlaneOptions extends PlaneChoices {
  readonly progress?: Progress;
  /** Used instead of a new temporary directory, and left there. */
  readonly directory?: string;
  /** Leave the temporary directory there, to look at its logs. */
  readonly keep?: boolean;
  /**
   * File or directory of CustomResourceDefinitions, applied before the controllers start. The garbage collector knows
   * their kinds as owners from then on; of those applied later it learns with a delay of up to a minute.
   */
  readonly crds?: string;
}

const USUAL_SECONDS = 8;

/** Starts a plane of its own on free ports; several can run side by side. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const progress = options.progress ?? silentProgress();
  const binaries = await ensureControlPlaneBinaries(progress);
  return progress.step('starting the control plane', () => launch(binaries, options), USUAL_SECONDS);
}

async function launch(binaries: Binaries, options: ControlPlaneOptions): Promise<ControlPlane> {
  const home = homeOf(options);
  const settings = await preparePlane(binaries, home.path, options);
  const processes = new PlaneProcesses(settings);
  const plane = controlPlaneOf(settings, processes, home);
  await processes.start(() => applyCrds(plane.kubectl, options.crds));
  return plane;
}

function homeOf(options: ControlPlaneOptions): TemporaryDirectory {
  if (options.directory !== undefined) return givenDirectory(options.directory);
  return temporaryDirectory('control-plane', options.keep);
}

function controlPlaneOf(
  settings: PlaneSettings,
  processes: PlaneProcesses,
  home: TemporaryDirectory,
): ControlPlane {
  const { adminKubeconfig, auditLog, binaries, cluster, directory } = settings;
  const kubectl = createKubectl(binaries.kubectl, adminKubeconfig, directory);
  return {
    url: cluster.url,
    adminKubeconfig,
    directory,
    auditLog,
    kubectl,
    apply: (manifest) => applyManifest(kubectl, manifest),
    serviceAccountKubeconfig: (namespace, name) => tokenKubeconfig(settings, kubectl, { namespace, name }),
    stopApiServer: () => processes.stopApiServer(),
    startApiServer: () => processes.startApiServer(),
    stop: () => stop(processes, home),
  };
}

async function stop(processes: PlaneProcesses, home: TemporaryDirectory): Promise<void> {
  await processes.stop();
  home.remove();
}
