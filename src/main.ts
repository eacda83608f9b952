import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Registry } from 'prom-client';
import { readSettings, type Settings } from './config.ts';
import { loadKubeConfig } from './kube/kubeConfig.ts';
import { runWithLease } from './kube/lease.ts';
import { createLog } from './observe/log.ts';
import { createMetrics } from './observe/metrics.ts';
import { startProbeServer } from './observe/server.ts';
import { createOperator } from './operator/operator.ts';

const EXIT_LOST_LEAD = 1;
const EXIT_BAD_SETTINGS = 2;

async function main(settings: Settings): Promise<number> {
  const log = createLog(settings['log-level']);
  const registry = new Registry();
  const metrics = createMetrics(registry);
  const kubeConfig = loadKubeConfig({ kubeconfig: settings.kubeconfig });
  const common = {
    identity: `${hostname()}_${randomUUID()}`,
    kubeConfig,
    clock: Date.now,
    random: Math.random,
    log,
  };
  const operator = createOperator({ ...common, settings, metrics });
  const server = await startProbeServer({
    address: settings['bind-address'],
    port: settings.port,
    registry,
    isReady: operator.isReady,
  });
  log.info({ port: server.port, identity: common.identity }, 'started');

  const stop = stopOnSignal();
  const watching = operator.watch(stop.signal);
  const end = await runWithLease({
    ...common,
    namespace: settings['lease-namespace'],
    name: settings['lease-name'],
    signal: stop.signal,
    async onAcquired(abandon, isHeld) {
      metrics.leading(true);
      log.info({}, 'leading');
      await operator.work(stop.signal, abandon, isHeld);
    },
  });
  stop.abort();
  await watching;
  server.close();
  await kubeConfig.close();
  log.info({ end }, 'stopped');
  return end === 'lost' ? EXIT_LOST_LEAD : 0;
}

function stopOnSignal(): AbortController {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => stop.abort());
  }
  return stop;
}

const settings = readSettings(process.argv.slice(2));
if (settings.ok) {
  process.exit(await main(settings.settings));
} else {
  process.stderr.write(`${settings.message}\n`);
  process.exit(EXIT_BAD_SETTINGS);
}
