import { parseArgs } from 'node:util';
import { terminalProgress } from '../support/progress.ts';
import { startControlPlane } from './controlPlane.ts';

/** Runs a control plane for development until Ctrl-C, which stops and removes it. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean' }, directory: { type: 'string' } } });
  const plane = await startControlPlane({ ...values, progress: terminalProgress() });
  process.stdout.write(`export KUBECONFIG=${plane.adminKubeconfig}\n`);
  process.stderr.write(`The control plane runs at ${plane.url}; its logs are in ${plane.directory}.\n`);
  process.stderr.write('Ctrl-C stops it.\n');
}

await main();
