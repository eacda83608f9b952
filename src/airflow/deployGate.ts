import type { Clock } from '../domain/clock.ts';
import { createDeployPace } from './deployPace.ts';
import { createFairQueue } from './fairQueue.ts';

/** Runs the callback after the delay in milliseconds; the answer cancels it. */
export type Schedule = (callback: () => void, delayMilliseconds: number) => () => void;

export interface DeployGateOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Deploys under way at once; default 1. */
  readonly concurrentDeploys?: number;
  /** Never more starts per minute than this, evenly spaced; default 30. */
  readonly deploysPerMinute?: number;
  /** Milliseconds that a key may leave its turn unclaimed before it loses its place; default 30,000. */
  readonly claimWithinMilliseconds?: number;
  /**
   * The turn of a queued key (`namespace/name`) has come: it must call {@link DeployGate.request} again to claim it. Must
   * not throw.
   */
  readonly onTurn: (key: string) => void;
}

export interface DeployPermit {
  /**
   * Must be called when the deploy has ended; only the first call counts. `latencyMilliseconds` is Airflow's alone, and
   * undefined where the deploy tells nothing of it: it was not tried, or its document was refused. `ok` is false where
   * Airflow seems to be in trouble (time-out, 5xx, reset).
   */
  finish(latencyMilliseconds: number | undefined, ok: boolean): void;
}

export type DeployTurn =
  | { readonly kind: 'granted'; readonly permit: DeployPermit }
  /** Wait for `onTurn`; `ahead` keys come first. */
  | { readonly kind: 'queued'; readonly ahead: number };

/**
 * Paces the deploys to one Airflow by how it copes. Namespaces that wait take turns, so that a small one does not wait for
 * all of a big one. Never blocks and never sleeps.
 */
export interface DeployGate {
  /** Asks for a turn, or claims the one that `onTurn` announced. Asking again keeps the place in the queue. */
  request(key: string): DeployTurn;
  /** Gives up the place in the queue, or the announced turn. */
  cancel(key: string): void;
  snapshot(): DeployGateSnapshot;
}

export interface DeployGateSnapshot {
  readonly queued: number;
  readonly running: number;
  /** The pause after each deploy that the gate holds to at present. */
  readonly pauseMilliseconds: number;
  /** How long one deploy after another has taken of late, from start to start, while some waited. */
  readonly intervalMilliseconds: number;
}

/** A turn that was announced and waits to be claimed. */
interface Announced {
  readonly key: string;
  readonly stopLapse: () => void;
}

export function createDeployGate(options: DeployGateOptions): DeployGate {
  const { clock, schedule, onTurn, concurrentDeploys = 1, claimWithinMilliseconds = 30_000 } = options;
  const pace = createDeployPace(options.deploysPerMinute ?? 30);
  const queue = createFairQueue();
  let running = 0;
  let announced: Announced | undefined;
  let stopTimer: (() => void) | undefined;

  function hasFreeSlot(): boolean {
    return announced === undefined && running < concurrentDeploys;
  }

  function grant(hasWaited: boolean): DeployTurn {
    let finished = false;
    running += 1;
    pace.started(clock(), hasWaited);
    planNextTurn();
    return {
      kind: 'granted',
      permit: {
        finish(latencyMilliseconds, ok) {
          if (finished) {
            return;
          }
          finished = true;
          running -= 1;
          pace.finished(clock(), latencyMilliseconds, ok);
          planNextTurn();
        },
      },
    };
  }

  /** Turns are announced one at a time and by timer only, so that `onTurn` never runs inside a caller's call. */
  function planNextTurn(): void {
    stopTimer?.();
    stopTimer = undefined;
    if (queue.size > 0 && hasFreeSlot()) {
      stopTimer = schedule(announceNext, Math.max(0, pace.nextStart() - clock()));
    }
  }

  function announceNext(): void {
    stopTimer = undefined;
    const key = hasFreeSlot() ? queue.take() : undefined;
    if (key === undefined) {
      return;
    }
    announced = { key, stopLapse: schedule(lapse, claimWithinMilliseconds) };
    onTurn(key);
  }

  function lapse(): void {
    announced = undefined;
    planNextTurn();
  }

  function request(key: string): DeployTurn {
    if (announced?.key === key) {
      announced.stopLapse();
      announced = undefined;
      return grant(true);
    }
    if (queue.size === 0 && hasFreeSlot() && clock() >= pace.nextStart()) {
      return grant(false);
    }
    queue.add(key);
    if (!stopTimer) {
      planNextTurn();
    }
    return { kind: 'queued', ahead: queue.ahead(key) };
  }

  function cancel(key: string): void {
    queue.delete(key);
    if (announced?.key === key) {
      announced.stopLapse();
      lapse();
    }
  }

  return {
    request,
    cancel,
    snapshot: () => ({
      queued: queue.size,
      running,
      pauseMilliseconds: pace.pauseMilliseconds(),
      intervalMilliseconds: pace.intervalMilliseconds(),
    }),
  };
}
