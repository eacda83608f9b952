import { loadKubeConfig } from '../kubeConfig.ts';
import { runWithLease } from '../lease.ts';
import { pause } from '../pause.ts';

/**
 * A process of its own that wants a lease: `leaseCandidate.ts <kubeconfig> <namespace> <lease> <identity>`. On its
 * output it says `leads` every 100 ms while it may write, then `stopped` or `lost`.
 */
async function main([
  kubeconfig = '',
  namespace = '',
  name = '',
  identity = '',
]: readonly string[]): Promise<void> {
  const kubeConfig = loadKubeConfig({ kubeconfig });
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  const result = await runWithLease({
    kubeConfig,
    namespace,
    name,
    identity,
    clock: () => Date.now(),
    random: () => Math.random(),
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    signal: stop.signal,
    onAcquired: (leadSignal, held) => work(AbortSignal.any([leadSignal, stop.signal]), held),
  });
  say(result);
  await kubeConfig.close();
}

async function work(signal: AbortSignal, held: () => boolean): Promise<void> {
  while (!signal.aborted) {
    if (held()) {
      say('leads');
    }
    await pause(100, signal);
  }
}

function say(word: string): void {
  process.stdout.write(`${word}\n`);
}

function ignore(): void {}

await main(process.argv.slice(2));
