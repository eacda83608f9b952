import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { IngestionPipelineSpec } from '../../src/api/ingestionPipeline.ts';
import { ANNOTATIONS } from '../../src/api/group.ts';
import { GENERATIONS } from '../airflow/generations.ts';
import { createHelm, type Helm, type Values } from '../chart/helm.ts';
import { conditionOf, expectReady } from '../harness/expectations.ts';
import { clientManifest, pipelineManifest } from '../harness/manifests.ts';
import { type Resources, resourcesOn } from '../harness/resources.ts';
import { eventually } from '../support/eventually.ts';
import { secondsSince, tellFigure } from '../support/figures.ts';
import { terminalProgress } from '../support/progress.ts';
import { archiveAirflowImage } from './airflowImage.ts';
import type { AirflowPod } from './airflowPod.ts';
import { ensureDebianPackages } from './debianPackages.ts';
import { earlierChart } from './earlierChart.ts';
import { mountSnippet } from './mountSnippet.ts';
import { type Node, startNode } from './node.ts';
import {
  buildOperatorImage,
  buildOperatorImageAnew,
  compressedSize,
  type OperatorImage,
} from './operatorImage.ts';
import { type OperatorPod, type OperatorPods, operatorPods } from './operatorPods.ts';
import { ageOf } from './processFigures.ts';
import { createSite, type Site } from './site.ts';

const NAMESPACE = 'openmetadata';
const OLDER = 'older';
const RELEASE = { release: 'ingestion', namespace: NAMESPACE };
const NAME = 'ingestion-openmetadata-ingestion-operator';
const TOKEN = 'token-of-the-bot';
const TOKEN_VARIABLE = 'OPENMETADATA_JWT_TOKEN';
const MOUNTED = { name: 'mounted-documents', shards: 2 };
const PATIENCE = { timeoutMs: 240_000, intervalMs: 500 };
const MEGABYTE = 1_000_000;
/** Nothing but the name of the Secret with the token, and two pods. */
const VALUES: Values = {
  replicas: 2,
  pipelineServiceClientConfig: {
    enabled: true,
    openMetadata: { jwtToken: { secretRef: 'openmetadata-bot' } },
  },
};

const progress = terminalProgress();
const obstacle = await ensureDebianPackages(progress);
if (obstacle !== undefined) tellFigure('\nSKIPPED, the test on a real node', `${obstacle}\n`);

describe.skipIf(obstacle !== undefined)('on a real node', { timeout: 600_000 }, () => {
  let node: Node;
  let resources: Resources;
  let helm: Helm;
  let pods: OperatorPods;
  let image: OperatorImage;
  let site: Site;
  let airflow: AirflowPod;
  let began: number;

  beforeAll(async () => {
    node = await startNode(progress);
    resources = resourcesOn(node.plane);
    helm = await createHelm(node.plane.directory, node.plane);
    pods = operatorPods(node, resources, { namespace: NAMESPACE, name: NAME });
    image = await buildOperatorImage(directoryOf('image'), progress);
    await progress.step('loading the images', async () => {
      await node.importImages(image.archive);
      await node.importImages(await archiveAirflowImage(directoryOf('airflow-image')));
    });
    site = await createSite(node, resources, progress, {
      namespace: NAMESPACE,
      generation: GENERATIONS['3.3.0'],
      airflowName: 'openmetadata-dependencies-api-server',
      token: TOKEN,
      mount: await mountSnippet('official', MOUNT_ARGUMENTS),
    });
  });

  afterAll(async () => {
    await site?.openMetadata.stop();
    await node?.stop();
  });

  beforeEach(() => {
    began = Date.now();
  });

  afterEach(({ task }) => {
    const mark = task.result?.state === 'fail' ? '✗' : '✓';
    tellFigure(`${mark} ${task.name}`, secondsSince(began));
  });

  test('the image is small, and has neither a shell nor anything of the machine that built it', async () => {
    const { size } = statSync(image.archive);
    tellFigure('image, unpacked', `${(size / MEGABYTE).toFixed(1)} MB`);
    tellFigure('image, compressed', `${((await compressedSize(image.archive)) / MEGABYTE).toFixed(1)} MB`);
    expect(size).toBeLessThan(150 * MEGABYTE);
    const places = image.files.filter((path) => !/^(?:app|lib|lib64|usr\/lib)\//.test(path));
    expect(places).toEqual(['usr/local/bin/node']);
  });

  test('an image that is built again from the start is the same', async () => {
    const again = await buildOperatorImageAnew(directoryOf('image-again'), progress);
    expect(again.layers).toEqual(image.layers);
  });

  test('the namespace admits no pod that is not restricted', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'free', namespace: NAMESPACE } };
    const spec = { containers: [{ name: 'free', image: 'localhost/pause:1' }] };
    await expect(resources.apply({ ...pod, spec })).rejects.toThrow(/violates PodSecurity "restricted/);
  });

  test('the chart as it was before its last change is installed, and two pods become ready', async () => {
    const earlier = await earlierChart(directoryOf('earlier-chart'));
    tellFigure('chart of the first installation', earlier.commit ?? 'NO HISTORY: a copy of the present one');
    await helm.release('install', { ...RELEASE, values: VALUES, chart: earlier.directory });
    await pods.untilReady(2);
    tellFigure('from helm install until two pods are ready', secondsSince(began));
  });

  test('what "helm test" runs reaches the operator through its Service', async () => {
    const answer = await helm.run(['test', RELEASE.release, '--namespace', NAMESPACE]);
    expect(answer).toMatchObject({ exitCode: 0 });
  });

  test('with an Airflow 3.3.0 beside it, the client of the chart becomes ready', async () => {
    tellFigure('memory of the pods with no pipelines', await pods.memory());
    airflow = await site.startAirflow();
    await untilClientIsReady(`${NAMESPACE}/default`);
  });

  test('pipelines of both deliveries become ready, and a run of each succeeds', async () => {
    await declareBoth(NAMESPACE, 'http://openmetadata-dependencies-api-server:8080');
    await runBoth(NAMESPACE, 'first');
    expect(await airflow.deploys()).toBe(1);
    expect((await resources.client(`${NAMESPACE}/mounted`)).status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Mounted', status: 'True' }),
    );
  });

  test('an upgrade to the present chart replaces the pods and deploys nothing', async () => {
    const former = await pods.list();
    await helm.release('upgrade', { ...RELEASE, values: { ...VALUES, podAnnotations: { upgraded: 'yes' } } });
    await pods.untilReady(2, former);
    await reconcileBoth(NAMESPACE, 'after-the-upgrade');
    expect(await airflow.deploys()).toBe(1);
  });

  test('when the leader is killed, the other takes over and deploys nothing', async () => {
    const former = await pods.holder();
    const leader = await podOf(former);
    const killed = Date.now();
    process.kill(pods.processOf(leader), 'SIGKILL');
    await eventually(async () => {
      const holder = await pods.holder();
      expect(holder).not.toBe(former);
      expect(holder).not.toBe('');
    }, PATIENCE);
    tellFigure('from kill -9 of the leader until another leads', secondsSince(killed));
    await reconcileBoth(NAMESPACE, 'after-the-kill');
    expect(await airflow.deploys()).toBe(1);
  });

  test('a killed container is ready again in a moment', async () => {
    await pods.untilReady(2);
    const holder = await pods.holder();
    const [idle] = (await pods.list()).filter(({ name }) => !holder.startsWith(`${name}_`));
    if (idle === undefined) throw new Error('every pod leads');
    tellFigure('from start of the container until it is ready', await measureStart(idle));
  });

  test('when the pod of Airflow is lost with its volume, all pipelines come back by themselves', async () => {
    await airflow.lose();
    tellFigure('from loss of the pod until Airflow answers again', secondsSince(began));
    await eventually(async () => {
      for (const name of BOTH) {
        const dag = await airflow.dag(`${NAMESPACE}_${name}`);
        expect(dag).toMatchObject({ isActive: true, isPaused: false });
        expectReady(await resources.pipeline(`${NAMESPACE}/${name}`));
      }
    }, PATIENCE);
    tellFigure('from loss of the pod until all pipelines are ready', secondsSince(began));
    await runBoth(NAMESPACE, 'after-the-loss');
    expect(await airflow.deploys()).toBe(1);
  });

  test('"helm uninstall" leaves definitions, resources and DAGs where they are', async () => {
    const answer = await helm.run(['uninstall', RELEASE.release, '--namespace', NAMESPACE]);
    expect(answer).toMatchObject({ exitCode: 0 });
    await eventually(async () => expect(await pods.list()).toEqual([]), PATIENCE);
    for (const name of BOTH) {
      const { metadata } = await resources.pipeline(`${NAMESPACE}/${name}`);
      expect(metadata.deletionTimestamp).toBeUndefined();
      expect(await airflow.dag(`${NAMESPACE}_${name}`)).toMatchObject({ isActive: true, isPaused: false });
    }
    expect((await resources.client(`${NAMESPACE}/default`)).metadata.deletionTimestamp).toBeUndefined();
  });

  test('a new installation takes all of it over without a deploy', async () => {
    await helm.release('install', { ...RELEASE, values: VALUES });
    await pods.untilReady(2);
    await reconcileBoth(NAMESPACE, 'after-the-installation');
    expect(await airflow.deploys()).toBe(1);
    await airflow.remove();
  });

  test('an Airflow 2.10.5 in another namespace is served in both ways, too', async () => {
    const second = await createSite(node, resources, progress, {
      namespace: OLDER,
      generation: GENERATIONS['2.10.5'],
      airflowName: 'openmetadata-dependencies-web',
      token: TOKEN,
      mount: await mountSnippet('community', MOUNT_ARGUMENTS),
    });
    try {
      await helm.release('upgrade', {
        ...RELEASE,
        values: { ...VALUES, airflowNamespaces: [NAMESPACE, OLDER] },
      });
      const older = await second.startAirflow();
      const url = `http://openmetadata-dependencies-web.${OLDER}:8080`;
      await resources.apply(
        clientManifest({ namespace: OLDER, name: 'default' }, serversOf(OLDER, url), {
          auth: AUTH,
          openMetadata: { jwtToken: { secretRef: 'openmetadata-bot', secretKey: 'token' } },
        }),
      );
      await declareBoth(OLDER, url);
      await runBoth(OLDER, 'first');
      expect(await older.deploys()).toBe(1);
    } finally {
      await second.openMetadata.stop();
    }
  });

  function directoryOf(name: string): string {
    const directory = join(node.directory, name);
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  async function podOf(holder: string): Promise<OperatorPod> {
    const pod = (await pods.list()).find(({ name }) => holder.startsWith(`${name}_`));
    if (pod === undefined) throw new Error(`no pod leads, but ${holder}`);
    return pod;
  }

  /** Kills it and asks the one that the kubelet starts in its place. */
  async function measureStart(pod: OperatorPod): Promise<string> {
    process.kill(pods.processOf(pod), 'SIGKILL');
    await eventually(
      async () => {
        const answer = await fetch(`http://${pod.address}:8080/readyz`, { signal: AbortSignal.timeout(200) });
        expect(answer.ok).toBe(true);
      },
      { timeoutMs: 60_000, intervalMs: 5 },
    );
    const ready = Date.now();
    return eventually(async () => {
      const next = (await pods.list()).find(({ name }) => name === pod.name);
      if (next === undefined || next.containerId === pod.containerId) throw new Error('not known yet');
      return `${Math.round(ageOf(pods.processOf(next)) * 1000 - (Date.now() - ready))} ms`;
    }, PATIENCE);
  }

  /** By names that the operator resolves, too, which is in another namespace than some. */
  function serversOf(namespace: string, airflowUrl: string): Parameters<typeof clientManifest>[1] {
    return { airflowUrl, openMetadataUrl: `http://openmetadata.${namespace}:8585/api`, username: 'admin' };
  }

  /** `managed` on the client `default`, and `mounted` on one of that name that delivers by ConfigMap. */
  async function declareBoth(namespace: string, airflowUrl: string): Promise<void> {
    await resources.apply(
      clientManifest({ namespace, name: 'mounted' }, serversOf(namespace, airflowUrl), {
        auth: AUTH,
        openMetadata: { jwtTokenEnv: TOKEN_VARIABLE },
        delivery: 'ConfigMap',
        configMap: MOUNTED,
      }),
      ...BOTH.map((name) => pipelineManifest({ namespace, name }, PIPELINES[name])),
    );
    for (const name of BOTH) {
      const declared = Date.now();
      await eventually(async () => expectReady(await resources.pipeline(`${namespace}/${name}`)), PATIENCE);
      tellFigure(`${namespace}/${name} is ready after further`, secondsSince(declared));
    }
  }

  async function runBoth(namespace: string, request: string): Promise<void> {
    const keys = BOTH.map((name) => `${namespace}/${name}`);
    for (const key of keys) await resources.annotate(key, { [ANNOTATIONS.runRequestedAt]: request });
    for (const key of keys) {
      await eventually(async () => {
        const { status } = await resources.pipeline(key);
        expect(status).toMatchObject({ lastHandledRunRequest: request, lastRun: { state: 'success' } });
      }, PATIENCE);
    }
  }

  /** Each is looked at by whoever leads now, and found as it should be. */
  async function reconcileBoth(namespace: string, request: string): Promise<void> {
    for (const name of BOTH) {
      const key = `${namespace}/${name}`;
      await resources.annotate(key, { [ANNOTATIONS.requestedAt]: request });
      await eventually(async () => {
        const pipeline = await resources.pipeline(key);
        expect(pipeline.status?.lastHandledReconcileAt).toBe(request);
        expectReady(pipeline);
      }, PATIENCE);
    }
  }

  async function untilClientIsReady(key: string): Promise<void> {
    await eventually(async () => {
      expect(conditionOf(await resources.client(key), 'Ready')).toMatchObject({ status: 'True' });
    }, PATIENCE);
  }
});

const BOTH = ['managed', 'mounted'] as const;
const PIPELINES: Record<(typeof BOTH)[number], Partial<IngestionPipelineSpec>> = {
  // The one that is called `default` need not be named.
  managed: { clientRef: undefined },
  mounted: { clientRef: { name: 'mounted' } },
};
const AUTH = {
  username: 'admin',
  password: { secretRef: 'airflow-secrets', secretKey: 'openmetadata-airflow-password' },
};
const MOUNT_ARGUMENTS = [
  `--name=${MOUNTED.name}`,
  `--shards=${MOUNTED.shards}`,
  `--env=${TOKEN_VARIABLE}=openmetadata-bot/token`,
];
