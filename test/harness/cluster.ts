import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { terminalProgress } from '../support/progress.ts';
import { type OperatorProcess, startOperator } from './operatorProcess.ts';
import { type Resources, resourcesOn } from './resources.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OPERATOR = 'openmetadata-ingestion-operator';

/** A real control plane with the CRDs and the operator's own rights, and operators that run on it. */
export interface Cluster extends Resources {
  readonly plane: ControlPlane;
  /** Under the service account that deploy/rbac.yaml gives its rights to. */
  startOperator(flags?: Readonly<Record<string, string>>): Promise<OperatorProcess>;
  /** Log files of all operators that were started. */
  logs(): string[];
  stop(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const plane = await startControlPlane({ crds: join(ROOT, 'crds'), progress: terminalProgress() });
  await plane.apply(readFileSync(join(ROOT, 'deploy', 'rbac.yaml'), 'utf8'));
  const kubeconfig = await plane.serviceAccountKubeconfig(OPERATOR, OPERATOR);
  const operators: OperatorProcess[] = [];

  return {
    plane,
    ...resourcesOn(plane),
    async startOperator(flags) {
      const operator = await startOperator({ kubeconfig, directory: plane.directory, flags });
      operators.push(operator);
      return operator;
    },
    logs: () => operators.map(({ logFile }) => readFileSync(logFile, 'utf8')),
    async stop() {
      await Promise.all(operators.map((operator) => operator.stop()));
      await plane.stop();
    },
  };
}
