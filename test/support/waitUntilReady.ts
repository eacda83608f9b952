import { setTimeout as sleep } from 'node:timers/promises';
import { describeFailure, type ManagedProcess, type ProcessOptions, startProcess } from './processes.ts';

export interface ReadyOptions {
  readonly timeoutMs: number;
  /** Between two questions; 50 ms when left out. */
  readonly intervalMs?: number;
}

export type IsReady = () => boolean | Promise<boolean>;

/** Starts a child and waits until it is ready; one that does not become ready is stopped. */
export async function startReadyProcess(
  options: ProcessOptions,
  isReady: IsReady,
  ready: ReadyOptions,
): Promise<ManagedProcess> {
  const child = await startProcess(options);
  try {
    await waitUntilReady(child, isReady, ready);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/**
 * Polls until `isReady` answers true; an exception counts as "not yet". Throws, with the tail of the log, when the
 * child ends before or when the time is over. The child is not stopped by this.
 */
export async function waitUntilReady(
  child: ManagedProcess,
  isReady: IsReady,
  options: ReadyOptions,
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  let reason = 'it answered "not ready"';
  while (Date.now() < deadline) {
    if (!child.isRunning()) throw new Error(describeFailure(child, `ended with ${await child.ended}`));
    try {
      if (await isReady()) return;
    } catch (error) {
      reason = String(error);
    }
    await sleep(options.intervalMs ?? 50);
  }
  throw new Error(describeFailure(child, `was not ready within ${options.timeoutMs} ms (${reason})`));
}
