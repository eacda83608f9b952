import type { Trial } from './trial.ts';

const RATIO = 20;
/** With fewer, what the shards cost by themselves tells more than the documents in them. */
const RATIO_FROM = 1000;
const GROWTH_MEGABYTES = 5;
const UPDATE_SECONDS = 90;

/** A promise of the design, and whether the measurement keeps it. */
export interface Line {
  readonly promise: string;
  readonly measured: string;
  readonly holds: boolean;
}

/** For each number of pipelines that was measured with both deliveries. */
export function checkLines(trials: readonly Trial[]): Line[] {
  return trials
    .filter(({ delivery }) => delivery === 'ConfigMap')
    .flatMap((mounted) => {
      const managed = trials.find(
        ({ delivery, pipelines }) => delivery === 'ManagedAPI' && pipelines === mounted.pipelines,
      );
      const compared =
        managed === undefined || mounted.pipelines < RATIO_FROM ? [] : [ratio(managed, mounted)];
      return [...compared, growth(mounted), update(mounted)];
    });
}

function ratio(managed: Trial, mounted: Trial): Line {
  const times = managed.parseLoop.cpuSecondsPerLoop / mounted.parseLoop.cpuSecondsPerLoop;
  const promise = `CPU time of a loop with ${mounted.pipelines} pipelines at least ${RATIO} times lower when mounted`;
  return { promise, measured: `${times.toFixed(1)} times`, holds: times >= RATIO };
}

function growth({ pipelines, web }: Trial): Line {
  const megabytes = (web.after.proportional - web.fresh.proportional) / 1_000_000;
  const promise = `a rollout of ${pipelines} mounted pipelines leaves the web server less than ${GROWTH_MEGABYTES} MB larger than one that only serves them`;
  return { promise, measured: `${megabytes.toFixed(1)} MB`, holds: megabytes < GROWTH_MEGABYTES };
}

function update({ pipelines, rollout }: Trial): Line {
  const seconds = rollout.secondsSinceUpdate ?? Number.NaN;
  const promise = `all ${pipelines} enabled within ${UPDATE_SECONDS} s of the directory's update`;
  const holds = rollout.enabled === pipelines && seconds <= UPDATE_SECONDS;
  return { promise, measured: `${rollout.enabled} after ${seconds.toFixed(1)} s`, holds };
}
