import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IngestionPipeline } from '../../src/api/ingestionPipeline.ts';
import type { Dag } from '../../src/domain/dag.ts';
import { withAirflow } from '../contract/subject.ts';
import type { AirflowSite } from './airflowSite.ts';
import type { Cluster } from './cluster.ts';

const INTERVAL_MS = 500;

/** What stands on the resources of the namespace `shop` and in Airflow. */
export interface Situation {
  /** Nothing in it is older. Milliseconds since 1970. */
  readonly at: number;
  pipeline(name: string): IngestionPipeline;
  /** The DAG of a pipeline; undefined where Airflow has no row for it. */
  dag(name: string): Dag | undefined;
}

export type Look = () => Promise<Situation>;

export function dagIdOf(name: string): string {
  return `shop_${name}`;
}

export async function lookAt(cluster: Cluster, site: AirflowSite): Promise<Situation> {
  const at = Date.now();
  const dags = await withAirflow(site.subject(), (airflow, signal) => airflow.listDags(signal));
  const pipelines = await cluster.pipelines();
  return {
    at,
    pipeline(name) {
      const found = pipelines.find(({ metadata }) => metadata.name === name);
      if (found === undefined) {
        throw new Error(`there is no pipeline ${name}`);
      }
      return found;
    },
    dag: (name) => dags.find(({ dagId }) => dagId === dagIdOf(name)),
  };
}

/** Looks until the assertion has passed once for each name, and gives the time of that look in milliseconds since 1970. */
export async function whenEach<Name extends string>(
  names: readonly Name[],
  look: Look,
  assertion: (situation: Situation, name: Name) => void,
  timeoutMs: number,
): Promise<Map<Name, number>> {
  const deadline = Date.now() + timeoutMs;
  const passed = new Map<Name, number>();
  for (;;) {
    const faults = await faultsOf(
      names.filter((name) => !passed.has(name)),
      look,
      assertion,
      passed,
    );
    if (faults.length === 0) {
      return passed;
    }
    if (Date.now() > deadline) {
      throw faults[0];
    }
    await sleep(INTERVAL_MS);
  }
}

async function faultsOf<Name extends string>(
  names: readonly Name[],
  look: Look,
  assertion: (situation: Situation, name: Name) => void,
  passed: Map<Name, number>,
): Promise<unknown[]> {
  const faults: unknown[] = [];
  try {
    const situation = await look();
    for (const name of names) {
      try {
        assertion(situation, name);
        passed.set(name, situation.at);
      } catch (error) {
        faults.push(new Error(`${name}: ${describe(error)}`, { cause: error }));
      }
    }
  } catch (error) {
    faults.push(error);
  }
  return faults;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** How many deploys this Airflow was asked for in its life, by whomever. */
export function countDeploys(site: AirflowSite): number {
  const log = readFileSync(site.airflow().webLog, 'utf8');
  return [...log.matchAll(/POST \S+\/openmetadata\/deploy/g)].length;
}

/** The document that the DAG's file reads. */
export function documentOnDisk(site: AirflowSite, name: string): unknown {
  return JSON.parse(readFileSync(join(site.airflow().generatedConfigs, `${dagIdOf(name)}.json`), 'utf8'));
}
