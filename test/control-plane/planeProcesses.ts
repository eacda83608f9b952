import type { ManagedProcess } from '../support/processes.ts';
import { type AdminClient, adminClient } from './adminClient.ts';
import { launchApiServer } from './apiServer.ts';
import { startControllerManager } from './controllerManager.ts';
import { startEtcd } from './etcd.ts';
import type { PlaneSettings } from './planeSettings.ts';

/** The processes of a plane, started in the order in which they need each other. */
export class PlaneProcesses {
  readonly #settings: PlaneSettings;
  readonly #client: AdminClient;
  #etcd: ManagedProcess | undefined;
  #apiServer: ManagedProcess | undefined;
  #controllerManager: ManagedProcess | undefined;

  constructor(settings: PlaneSettings) {
    this.#settings = settings;
    this.#client = adminClient(settings.cluster.url, settings.certificates);
  }

  /** `prepare` runs when the API server serves, but no controller works yet. */
  async start(prepare: () => Promise<void>): Promise<void> {
    try {
      this.#etcd = await startEtcd(this.#settings);
      await this.startApiServer();
      await prepare();
      this.#controllerManager = await startControllerManager(this.#settings, this.#client);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async startApiServer(): Promise<void> {
    if (this.#apiServer?.isRunning() === true) return;
    this.#apiServer = await launchApiServer(this.#settings, this.#client);
  }

  async stopApiServer(): Promise<void> {
    await this.#apiServer?.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#controllerManager?.stop(), this.#apiServer?.stop()]);
    await this.#etcd?.stop();
    this.#client.close();
  }
}
