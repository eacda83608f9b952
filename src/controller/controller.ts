import { randomUUID } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { Outcome } from '../domain/outcome.ts';
import { framesOf } from './framesOf.ts';
import { withFields } from './withFields.ts';
import type { WorkQueue } from './workQueue.ts';

/** How long reconciles that were told to give up are waited for. */
const GRACE = 2_000;

/** As controller-runtime labels them; `terminal` is a stalled outcome. */
export type ReconcileResult = 'success' | 'requeue' | 'requeue_after' | 'error' | 'terminal';

/** For a metrics library. */
export interface ControllerHooks {
  started?(): void;
  /** `duration` in milliseconds; `timedOut` if the deadline cut it. */
  finished?(result: ReconcileResult, duration: number, timedOut: boolean): void;
}

export interface ReconcileContext {
  /** Aborted at the deadline, and when the controller has to give up. */
  readonly signal: AbortSignal;
  /** With the controller, the key and the id of this reconcile in every line. */
  readonly log: Logger;
}

export interface ControllerOptions {
  readonly name: string;
  readonly queue: WorkQueue;
  reconcile(key: string, context: ReconcileContext): Promise<Outcome>;
  /** Reconciles at a time; default 8. */
  readonly concurrency?: number;
  /** Milliseconds after which a reconcile's signal is aborted; default 60 s. */
  readonly deadline?: number;
  /** Milliseconds that running reconciles may go on after the stop; default 20 s. */
  readonly drain?: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** True for a thrown error that only says "somebody was quicker": backed off without a log line or an error count. */
  isConflict?(error: unknown): boolean;
  /** A word for a thrown error that can be expected; undefined for a bug. Messages of errors are never logged. */
  errorKind?(error: unknown): string | undefined;
  readonly hooks?: ControllerHooks;
}

export interface Controller {
  /**
   * Works until `signal` is aborted, then lets what is running finish and stops the queue. `abandon` aborts everything
   * at once, as on a lost lease. Never rejects.
   */
  run(signal: AbortSignal, abandon?: AbortSignal): Promise<void>;
}

export function createController(options: ControllerOptions): Controller {
  const { queue, clock, hooks } = options;
  const running = new Set<AbortController>();

  async function work(signal: AbortSignal): Promise<void> {
    for (let key = await queue.next(signal); key !== undefined; key = await queue.next(signal)) {
      await reconcileOnce(key);
    }
  }

  async function reconcileOnce(key: string): Promise<void> {
    const log = withFields(options.log, { controller: options.name, key, reconcileId: randomUUID() });
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(timeoutError()), options.deadline ?? 60_000);
    const started = clock();
    running.add(abort);
    hooks?.started?.();
    let result: ReconcileResult = 'error';
    try {
      result = settle(key, await options.reconcile(key, { signal: abort.signal, log }));
    } catch (error) {
      result = settleThrown(key, error, abort.signal, log);
    } finally {
      clearTimeout(timer);
      running.delete(abort);
      queue.done(key);
      hooks?.finished?.(result, clock() - started, isTimeout(abort.signal));
    }
  }

  function settle(key: string, outcome: Outcome): ReconcileResult {
    if (outcome.kind === 'failed') {
      queue.fail(key, outcome);
      return 'error';
    }
    queue.forget(key);
    if (outcome.kind === 'waiting') {
      queue.addAfter(key, outcome.checkAfter);
      return 'requeue_after';
    }
    if (outcome.checkAfter !== undefined) {
      queue.addAfter(key, spread(outcome.checkAfter, options.random), 'low');
    }
    if (outcome.kind === 'stalled') {
      return 'terminal';
    }
    return outcome.checkAfter === undefined ? 'success' : 'requeue_after';
  }

  function settleThrown(key: string, error: unknown, signal: AbortSignal, log: Logger): ReconcileResult {
    if (signal.aborted && !isTimeout(signal)) {
      return 'requeue';
    }
    const retryIn = queue.fail(key);
    if (options.isConflict?.(error)) {
      return 'requeue';
    }
    const fields = { failures: queue.failures(key), retryIn };
    const kind = isTimeout(signal) ? 'deadline' : options.errorKind?.(error);
    if (kind === undefined) {
      log.error(
        { ...fields, error: errorName(error), frames: framesOf(error) },
        'reconcile failed unexpectedly',
      );
    } else {
      log.warn({ ...fields, kind }, 'reconcile failed');
    }
    return 'error';
  }

  function abandonRunning(): void {
    running.forEach((abort) => abort.abort(new DOMException('the controller is stopping', 'AbortError')));
  }

  return {
    async run(signal, abandon) {
      const stop = new AbortController();
      const gaveUp = Promise.withResolvers<void>();
      const timers: NodeJS.Timeout[] = [];
      function giveUp(): void {
        stop.abort();
        abandonRunning();
        timers.push(setTimeout(gaveUp.resolve, GRACE));
      }
      function drain(): void {
        stop.abort();
        timers.push(setTimeout(giveUp, options.drain ?? 20_000));
      }
      const unsubscribe = [onAbort(signal, drain), onAbort(abandon, giveUp)];
      const workers = Array.from({ length: options.concurrency ?? 8 }, () => work(stop.signal));
      await Promise.race([Promise.all(workers), gaveUp.promise]);
      timers.forEach(clearTimeout);
      unsubscribe.forEach((undo) => undo());
      void queue.stop();
    },
  };
}

/** Calls back on abort, at once if it has happened; the result undoes it. */
function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal?.aborted) {
    callback();
  }
  signal?.addEventListener('abort', callback, { once: true });
  return () => signal?.removeEventListener('abort', callback);
}

/** Within 5 % of the time, so that what came together does not come back together. */
function spread(milliseconds: number, random: () => number): number {
  return milliseconds * (0.95 + random() / 10);
}

function timeoutError(): DOMException {
  return new DOMException('the reconcile took longer than its deadline', 'TimeoutError');
}

function isTimeout(signal: AbortSignal): boolean {
  return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
