import { parseArgs } from 'node:util';
import { terminalProgress } from '../support/progress.ts';
import { ensureDebianPackages } from './debianPackages.ts';
import { startNode } from './node.ts';

/** Runs a cluster of one node for development until Ctrl-C, which stops and removes it. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean' } } });
  const obstacle = await ensureDebianPackages(terminalProgress());
  if (obstacle !== undefined) throw new Error(`there can be no node: ${obstacle}`);
  const node = await startNode(terminalProgress(), values.keep);
  process.stdout.write(`export KUBECONFIG=${node.plane.adminKubeconfig}\n`);
  process.stderr.write(`The node runs; its logs are in ${node.directory}.\n`);
  process.stderr.write('Ctrl-C stops it.\n');
}

await main();
