const slowFactor = 2;
const slowMargin = 200;
const smallestPause = 1_000;
const longestPause = 60_000;
/** Deploys a second that each good one adds to the rate. */
const rateStep = 0.1;
/** Lets the baseline follow an Airflow that became slower for good, by a few per cent per deploy. */
const baselineDrift = 1.05;
/** The weight of the newest interval in the mean of them. */
const newestWeight = 0.2;

/** When the next deploy may start. Times are milliseconds since 1970. */
export interface DeployPace {
  /** `hasWaited`: it started as soon as it might, so that the time since the last start tells the pace. */
  started(now: number, hasWaited: boolean): void;
  /** See the same of {@link DeployPermit}. */
  finished(now: number, latencyMilliseconds: number | undefined, ok: boolean): void;
  nextStart(): number;
  pauseMilliseconds(): number;
  /** The usual time from one start to the next while deploys wait. */
  intervalMilliseconds(): number;
}

/**
 * Each deploy makes Airflow parse its whole DAGs folder in the background. When deploys get slower than their baseline,
 * those parses pile up: the rate is halved (the pause doubles). When they are back near it, the rate grows step by step.
 */
export function createDeployPace(deploysPerMinute: number): DeployPace {
  const spacing = 60_000 / deploysPerMinute;
  let lastStart = -Infinity;
  let lastEnd = -Infinity;
  let pause = 0;
  let baseline = Infinity;
  let interval = spacing;

  return {
    started(now, hasWaited) {
      if (hasWaited) {
        interval += (now - lastStart - interval) * newestWeight;
      }
      lastStart = now;
    },
    finished(now, latencyMilliseconds, ok) {
      lastEnd = now;
      if (!ok) {
        pause = slower(pause);
      } else if (latencyMilliseconds !== undefined) {
        baseline = Math.min(latencyMilliseconds, baseline * baselineDrift);
        const slow = latencyMilliseconds > Math.max(baseline * slowFactor, baseline + slowMargin);
        pause = slow ? slower(pause) : faster(pause);
      }
    },
    nextStart: () => Math.max(lastStart + spacing, lastEnd + pause),
    pauseMilliseconds: () => pause,
    intervalMilliseconds: () => interval,
  };
}

function slower(pause: number): number {
  return Math.min(longestPause, Math.max(smallestPause, pause * 2));
}

function faster(pause: number): number {
  const next = pause / (1 + (rateStep * pause) / 1_000);
  return next < smallestPause / 2 ? 0 : next;
}
