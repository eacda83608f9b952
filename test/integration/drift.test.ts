import type { PipelineServiceClientSpec } from '../../src/api/pipelineServiceClient.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GENERATIONS } from '../airflow/generations.ts';
import { type AirflowSite, startSite } from '../harness/airflowSite.ts';
import { type Cluster, startCluster } from '../harness/cluster.ts';
import { conditionOf } from '../harness/expectations.ts';
import { clientManifest, namespaceManifest, pipelineManifest, secretManifest } from '../harness/manifests.ts';
import {
  expectDeployedSince,
  expectReported,
  expectSince,
  expectWell,
} from '../harness/mishapExpectations.ts';
import { letHappen, type Mishap, pipelineOf, UNDONE_BY_DEPLOY } from '../harness/mishaps.ts';
import { createOtherHands, type OtherHands, STRANGE_SCHEDULE } from '../harness/otherHands.ts';
import {
  countDeploys,
  dagIdOf,
  documentOnDisk,
  lookAt,
  type Situation,
  whenEach,
} from '../harness/situation.ts';
import { eventually } from '../support/eventually.ts';

const namespace = 'shop';
const TOKEN = 'the-token';
const PATIENCE = 240_000;
const MISHAPS: readonly Mishap[] = ['deleted', 'erased', 'paused', 'suspended', 'edited', 'broken'];
/** On Airflow 3, only what costs little time. */
const CHEAP_MISHAPS: readonly Mishap[] = ['deleted', 'erased', 'paused', 'suspended', 'edited'];
const CHEAP_TO_WATCH: readonly Mishap[] = ['deleted', 'paused', 'edited'];
const PATIENTLY = { timeoutMs: PATIENCE, intervalMs: 250 };
/** In a document, and in JSON that has documents as texts. */
const OWNERS = /\\*"owners\\*":/;
const OWNER = /\\*"owner\\*":/;
const STRANGE_DOCUMENT = { airflowConfig: { scheduleInterval: STRANGE_SCHEDULE } };
const KEPT = MISHAPS.map((mishap) => pipelineOf(mishap, 'Correct'));

describe('behind the back of the operator', { timeout: 300_000 }, () => {
  let site: AirflowSite;
  let cluster: Cluster;
  let hands: OtherHands;

  beforeAll(async () => {
    [site, cluster] = await Promise.all([startSite(GENERATIONS['2.10.5'], TOKEN), startCluster()]);
    hands = createOtherHands(site);
    await cluster.startOperator({
      'active-poll-seconds': '2',
      'idle-poll-seconds': '2',
      'recovery-seconds': '30',
    });
    await cluster.apply(
      namespaceManifest(namespace),
      secretManifest({ namespace, name: 'credentials' }, { password: site.airflow().password, token: TOKEN }),
    );
    await applyClient();
    await Promise.all([declare(MISHAPS, 'Correct'), declare(MISHAPS, 'Warn')]);
    await whenEach([...KEPT, ...watched(MISHAPS)], look, expectWell, PATIENCE);
  });

  afterAll(async () => {
    await cluster?.stop();
    await site?.stop();
  });

  function look(): Promise<Situation> {
    return lookAt(cluster, site);
  }

  /** The change says nothing new and makes the operator look at once at what is behind the client. */
  async function applyClient(changes: Partial<PipelineServiceClientSpec> = {}): Promise<void> {
    const { url, username } = site.airflow();
    const servers = { airflowUrl: url, openMetadataUrl: site.openMetadata.url, username };
    const limits = { deploysPerMinute: 600, concurrentDeploys: 2 };
    await cluster.apply(clientManifest({ namespace, name: 'airflow' }, servers, { limits, ...changes }));
  }

  async function declare(mishaps: readonly Mishap[], driftPolicy: 'Correct' | 'Warn'): Promise<void> {
    await cluster.apply(
      ...mishaps.map((mishap) =>
        pipelineManifest(
          { namespace, name: pipelineOf(mishap, driftPolicy) },
          { driftPolicy, suspend: mishap === 'suspended', deletionPolicy: 'Orphan' },
        ),
      ),
    );
  }

  async function timesOfDeploy(names: readonly string[]): Promise<Map<string, string | undefined>> {
    const { pipeline } = await look();
    return new Map(names.map((name) => [name, pipeline(name).status?.deployed?.time]));
  }

  /** Lets all of it happen to both kinds of pipelines, and sees to it that only one kind is put back. */
  async function suffer(kept: readonly Mishap[], toWatch: readonly Mishap[]): Promise<void> {
    const names = [...kept.map((mishap) => pipelineOf(mishap, 'Correct')), ...watched(toWatch)];
    const before = await timesOfDeploy(names);
    const deploysBefore = countDeploys(site);
    const happened = new Map<string, number>();
    async function befall(): Promise<void> {
      await letHappen(hands, kept, 'Correct', happened);
      await letHappen(hands, toWatch, 'Warn', happened);
    }
    const watching = Promise.all([
      whenEach(
        kept.map((mishap) => pipelineOf(mishap, 'Correct')),
        look,
        (situation, name) => {
          expectSince(situation, happened.get(name));
          expectWell(situation, name);
          if (UNDONE_BY_DEPLOY.some((mishap) => pipelineOf(mishap, 'Correct') === name)) {
            expectDeployedSince(situation, name, before.get(name));
          }
        },
        PATIENCE,
      ),
      whenEach(
        toWatch,
        look,
        (situation, mishap) => {
          expectSince(situation, happened.get(pipelineOf(mishap, 'Warn')));
          expectReported(situation, mishap);
        },
        PATIENCE,
      ),
    ]);
    const [[ready]] = await Promise.all([watching, befall()]);
    report(
      `Airflow ${site.airflow().generation.airflow}, until Ready again`,
      kept.map((mishap) => [mishap, (ready.get(mishap) ?? 0) - (happened.get(mishap) ?? 0)]),
    );

    const after = await timesOfDeploy(names);
    const deployedAgain = names.filter((name) => after.get(name) !== before.get(name));
    const byHand = [...kept, ...toWatch].filter((mishap) => mishap === 'edited').length;
    expect(without(deployedAgain, 'erased')).toEqual(
      UNDONE_BY_DEPLOY.filter((mishap) => kept.includes(mishap)),
    );
    expect(countDeploys(site) - deploysBefore - byHand).toBe(deployedAgain.length);
    await eventually(async () => {
      expect(await namesOf('DriftCorrected')).toEqual(expect.arrayContaining([...kept]));
    });
    expect((await namesOf('DriftCorrected')).filter((name) => name.startsWith('watched'))).toEqual([]);
    expect(documentOnDisk(site, 'edited')).not.toMatchObject(STRANGE_DOCUMENT);
    expect(documentOnDisk(site, 'watched-edited')).toMatchObject(STRANGE_DOCUMENT);
  }

  async function namesOf(reason: string): Promise<string[]> {
    const events = await cluster.events();
    return events.filter((event) => event.reason === reason).map(({ regarding }) => regarding.name);
  }

  /** They go from the cluster, and nothing is done to Airflow. */
  async function forget(names: readonly string[]): Promise<void> {
    await cluster.kubectl('delete', 'ingestionpipeline', `--namespace=${namespace}`, ...names);
  }

  /** Empties the volume and sees to it that all comes back, with one deploy each. */
  async function loseVolume(): Promise<void> {
    const before = await timesOfDeploy(KEPT);
    const deploysBefore = countDeploys(site);
    hands.wipeVolume();
    const wiped = Date.now();
    const ready = await whenEach(
      KEPT,
      look,
      (situation, name) => {
        expectDeployedSince(situation, name, before.get(name));
        expectWell(situation, name);
      },
      PATIENCE,
    );
    report(`Airflow ${site.airflow().generation.airflow}, until all ${KEPT.length} are Ready again`, [
      ['wiped', Math.max(...ready.values()) - wiped],
    ]);
    expect(countDeploys(site) - deploysBefore).toBe(KEPT.length);
  }

  test('what happens to a DAG is put back with driftPolicy Correct, and only reported with Warn', async () => {
    await suffer(MISHAPS, MISHAPS);

    await hands.mendFile(dagIdOf('watched-broken'));
    await whenEach(['watched-broken'], look, expectWell, PATIENCE);
    await forget(watched(MISHAPS));
  });

  test('a lost volume heals with one deploy for each pipeline', loseVolume);

  test('a new database heals without any deploy once the scheduler has read the files', async () => {
    const before = countDeploys(site);
    await site.loseDatabase();
    const begun = Date.now();
    const ready = await whenEach(KEPT, look, expectWell, PATIENCE);

    report('Airflow 2.10.5 with a new database, until all are Ready', [
      ['restarted', Math.max(...ready.values()) - begun],
    ]);
    expect(countDeploys(site)).toBe(before);
  });

  test('another version of OpenMetadata is deployed only where it changes a document', async () => {
    const { openMetadata } = site;
    const before = countDeploys(site);
    const owners = [{ type: 'user', name: 'ada' }];
    await cluster.apply(
      pipelineManifest({ namespace, name: 'paused' }, { deletionPolicy: 'Orphan', owners }),
    );
    await eventually(async () => expect(countDeploys(site)).toBe(before + 1), { timeoutMs: PATIENCE });
    await whenEach(KEPT, look, expectWell, PATIENCE);

    openMetadata.setVersion('1.10.9');
    await applyClient({ configMap: { shards: 16 } });
    await eventually(async () => expectClient('True', 'ReconcileSucceeded', '1.10.9'), PATIENTLY);
    await whenEach(KEPT, look, expectWell, PATIENCE);
    expect(await publicDocuments()).toMatch(OWNERS);

    openMetadata.setVersion('1.4.8');
    await applyClient();
    await eventually(async () => expectClient('False', 'VersionMismatch', '1.4.8'), PATIENTLY);
    await eventually(async () => expect(await publicDocuments()).toMatch(OWNER), PATIENTLY);
    expect(await publicDocuments()).not.toMatch(OWNERS);

    openMetadata.setVersion('1.10.9');
    await applyClient({ configMap: { shards: 16 } });
    await eventually(async () => expectClient('True', 'ReconcileSucceeded', '1.10.9'), PATIENTLY);
    await whenEach(KEPT, look, expectWell, PATIENCE);
    expect(await publicDocuments()).toMatch(OWNERS);
    expect(countDeploys(site)).toBe(before + 1);
  });

  async function expectClient(ready: string, reason: string, openMetadata: string): Promise<void> {
    const client = await cluster.client('shop/airflow');
    expect(conditionOf(client, 'Ready')).toMatchObject({ status: ready, reason });
    expect(client.status?.openMetadata).toEqual({ version: openMetadata });
  }

  async function publicDocuments(): Promise<string> {
    return cluster.kubectl('get', 'configmaps', `--namespace=${namespace}`, '--output=jsonpath={..data}');
  }

  test('an upgrade to an empty Airflow 3.3.0 brings every pipeline there', async () => {
    await declare(CHEAP_TO_WATCH, 'Warn');
    const newest = GENERATIONS['3.3.0'];
    const replaced = site.replace(newest);
    await eventually(async () => expectClient('False', 'VersionMismatch', '1.10.9'), PATIENTLY);
    const answers = Date.now();
    site.openMetadata.setVersion(newest.openMetadata);
    await applyClient();
    await replaced;
    const names = [...KEPT, ...watched(CHEAP_TO_WATCH)];
    const ready = await whenEach(names, look, expectWell, PATIENCE);

    report('Airflow 2.10.5 → 3.3.0, until all are Ready', [
      ['new Airflow answers', Math.max(...ready.values()) - answers],
    ]);
    const { status } = await cluster.client('shop/airflow');
    expect(status?.airflow).toMatchObject({
      version: '3.3.0',
      apiBasePath: newest.pluginPath,
      coreApi: 'Available',
    });
    expect(countDeploys(site)).toBe(names.length);
  });

  test('what happens to a DAG there is put back, or reported, in the same way', async () => {
    await suffer(CHEAP_MISHAPS, CHEAP_TO_WATCH);
    await forget(watched(CHEAP_TO_WATCH));
  });

  test('a run that is asked for succeeds there', async () => {
    const request = 'ingestion.open-metadata.org/run-requested-at=after-the-upgrade';
    await cluster.kubectl('annotate', 'ingestionpipeline', `--namespace=${namespace}`, 'broken', request);
    await eventually(async () => {
      const pipeline = await cluster.pipeline(`${namespace}/broken`);
      expect(conditionOf(pipeline, 'LastRunSucceeded')).toMatchObject({ status: 'True' });
    }, PATIENTLY);
  });

  test('a volume lost there heals with one deploy for each pipeline', loseVolume);
});

function watched(mishaps: readonly Mishap[]): string[] {
  return mishaps.map((mishap) => pipelineOf(mishap, 'Warn'));
}

function without(names: readonly string[], name: string): string[] {
  return names.filter((candidate) => candidate !== name);
}

function report(what: string, figures: readonly (readonly [string, number])[]): void {
  const texts = figures.map(([name, milliseconds]) => `${name} ${(milliseconds / 1000).toFixed(1)} s`);
  process.stderr.write(`${what}: ${texts.join('; ')}\n`);
}
