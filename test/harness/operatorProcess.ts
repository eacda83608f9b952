import { join } from 'node:path';
import { freePort } from '../support/freePort.ts';
import type { ManagedProcess } from '../support/processes.ts';
import { startReadyProcess } from '../support/waitUntilReady.ts';

/** A way to start the operator: arguments of Node.js before its own flags, and additions to the environment. */
export interface Program {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const ROOT = join(import.meta.dirname, '..', '..');

export interface OperatorProcessOptions {
  /** Of the service account that it runs as. */
  readonly kubeconfig: string;
  readonly directory: string;
  /** Further flags, as `{'idle-poll-seconds': '2'}`. */
  readonly flags?: Readonly<Record<string, string>>;
  /** What is started; the sources when left out. */
  readonly program?: Program;
}

/** As from a checkout. */
export const SOURCES: Program = { args: [join(ROOT, 'src', 'main.ts')], environment: {} };

/** The operator as users run it: a process of its own. */
export interface OperatorProcess {
  readonly process: ManagedProcess;
  /** Everything that it has written. */
  readonly logFile: string;
  readonly metricsUrl: string;
  /** From its start until it was ready. */
  readonly startMilliseconds: number;
  /** Ends it in order, as SIGTERM does. */
  stop(): Promise<void>;
  /** Ends it at once, as a node that dies. */
  kill(): Promise<void>;
}

let started = 0;

export async function startOperator(options: OperatorProcessOptions): Promise<OperatorProcess> {
  const port = await freePort();
  const metricsUrl = `http://127.0.0.1:${port}/metrics`;
  const logFile = join(options.directory, `operator-${(started += 1)}.log`);
  const flags = {
    kubeconfig: options.kubeconfig,
    port: String(port),
    'bind-address': '127.0.0.1',
    'lease-namespace': 'openmetadata-ingestion-operator',
    ...options.flags,
  };
  const { args, environment } = options.program ?? SOURCES;
  const began = Date.now();
  const process_ = await startReadyProcess(
    {
      name: 'operator',
      command: process.execPath,
      env: { ...process.env, ...environment },
      args: [...args, ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)],
      logFile,
    },
    () => answers(metricsUrl.replace('/metrics', '/readyz')),
    { timeoutMs: 60_000 },
  );
  return {
    process: process_,
    logFile,
    metricsUrl,
    startMilliseconds: Date.now() - began,
    stop: () => process_.stop(),
    async kill() {
      process.kill(process_.pid, 'SIGKILL');
      await process_.ended;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
