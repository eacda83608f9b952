import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';
import { startProbeServer } from './server.ts';

let close: (() => void) | undefined;

afterEach(() => close?.());

async function serve(isReady: () => boolean): Promise<(path: string) => Promise<Response>> {
  const registry = new Registry();
  createMetrics(registry).forController('pipeline', 8, () => 3);
  const server = await startProbeServer({ address: '127.0.0.1', port: 0, registry, isReady });
  close = server.close;
  return (path) => fetch(`http://127.0.0.1:${server.port}${path}`);
}

describe('the probe server', () => {
  it('is alive before it is ready', async () => {
    let ready = false;
    const get = await serve(() => ready);

    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(503);
    ready = true;
    expect((await get('/readyz')).status).toBe(200);
  });

  it("shows the metrics under controller-runtime's names, with every result from the start", async () => {
    const get = await serve(() => true);
    const text = await (await get('/metrics')).text();

    expect(text).toContain('controller_runtime_reconcile_total{controller="pipeline",result="terminal"} 0');
    expect(text).toContain('workqueue_depth{name="pipeline"} 3');
  });

  it('knows no other path', async () => {
    const get = await serve(() => true);

    expect((await get('/secrets')).status).toBe(404);
  });
});
