import { createServer } from 'node:http';
import { createAccess } from './access.ts';
import { createControl } from './control.ts';
import type { FakeAirflow, FakeAirflowOptions, FakeCall } from './fakeAirflow.ts';
import { createFaults } from './faults.ts';
import { createHandler } from './handler.ts';
import { createMount } from './mount.ts';
import { profiles } from './profile.ts';
import type { User, World } from './world.ts';

/** Starts a behaving Airflow with OpenMetadata's plugin. */
export async function startFakeAirflow(options: FakeAirflowOptions): Promise<FakeAirflow> {
  const { address: host = '127.0.0.1' } = options;
  const world = createWorld(options);
  const access = createAccess({
    world,
    clock: world.clock,
    tokenLifetime: options.tokenLifetimeMilliseconds ?? 86_400_000,
    requireCsrf: options.requireCsrf ?? false,
  });
  const faults = createFaults();
  const calls: FakeCall[] = [];
  const router = { world, access, openMetadata: options.openMetadata ?? {} };
  const server = createServer(createHandler({ router, faults, calls, options }));
  if (world.profile.major === 2) {
    // Its web server waits for ever for the rest of what is no HTTP.
    server.on('clientError', () => undefined);
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });

  function stop(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  const username = options.username ?? 'admin';
  return createControl({ url: `http://${host}:${port}`, username, stop, world, access, faults, calls });
}

function createWorld(options: FakeAirflowOptions): World {
  return {
    profile: profiles[options.generation],
    clock: Date.now,
    dags: new Map(),
    runs: [],
    files: new Map(),
    importErrors: new Map(),
    logs: new Map(),
    deploys: [],
    pending: [],
    mount: createMount({
      interval: options.parseIntervalMilliseconds ?? 100,
      scanDelay: options.scanDelayMilliseconds ?? 0,
      staleDelay: options.staleDelayMilliseconds ?? 0,
    }),
    users: new Map([[options.username ?? 'admin', newAdministrator(options.password ?? 'admin')]]),
    durations: {
      queue: options.queueDurationMilliseconds ?? 0,
      run: options.runDurationMilliseconds ?? 50,
    },
    registrationDelay: options.registrationDelayMilliseconds ?? 0,
    redactsImportErrors: options.redactImportErrors ?? false,
  };
}

function newAdministrator(password: string): User {
  return { password, permissions: new Set(['can_create', 'can_read', 'can_edit', 'can_delete']) };
}
