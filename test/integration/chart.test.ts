import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { settingNames } from '../../src/config.ts';
import { ensureKubeScore } from '../chart/binaries.ts';
import { CHART, createHelm, type Helm, type Manifest, manifestsOf, type Values } from '../chart/helm.ts';
import { MONITORING } from '../chart/monitoring.ts';
import { PROFILES } from '../chart/profiles.ts';
import { rightsOf, verbsOf } from '../chart/rights.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/controlPlane.ts';
import { terminalProgress } from '../support/progress.ts';
import { runCommand } from '../support/runCommand.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CRDS = join(ROOT, 'crds');
const NAMESPACES = ['openmetadata', 'airflow', 'team-a', 'team-b'];
const RESTRICTED = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

const Deployment = z.object({
  spec: z.object({
    replicas: z.number(),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        containers: z.tuple([z.object({ image: z.string(), args: z.array(z.string()) })]),
      }),
    }),
  }),
});
const Selecting = z.object({ spec: z.object({ selector: z.record(z.string(), z.string()) }) });

let plane: ControlPlane;
let helm: Helm;

beforeAll(async () => {
  plane = await startControlPlane({ progress: terminalProgress() });
  helm = await createHelm(plane.directory, plane);
  const namespaces = NAMESPACES.map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: RESTRICTED },
  }));
  const objects = [...namespaces, ...MONITORING].map((object) => stringify(object));
  const definitions = readdirSync(CRDS).map((name) => readFileSync(join(CRDS, name), 'utf8'));
  await kubectl(['apply', '--server-side', '-f', '-'], [...objects, ...definitions].join('---\n'));
  await kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
});

afterAll(async () => {
  await plane?.stop();
});

async function kubectl(args: readonly string[], stdin = ''): Promise<string> {
  const { stdout, stderr } = await plane.kubectl(args, { stdin });
  expect(stderr).toBe('');
  return stdout;
}

function only(manifests: readonly Manifest[], kind: string): Manifest {
  const [first, ...others] = manifests.filter((manifest) => manifest.kind === kind);
  if (first === undefined || others.length > 0) throw new Error(`there is not one ${kind}`);
  return first;
}

async function deployment(values: Values): Promise<z.infer<typeof Deployment>['spec']> {
  return Deployment.parse(only(await helm.render(values), 'Deployment')).spec;
}

async function flags(values: Values): Promise<string[]> {
  return (await deployment(values)).template.spec.containers[0].args;
}

test('Helm finds nothing to complain about', async () => {
  const { stdout, exitCode } = await helm.run(['lint', '--strict', CHART]);
  expect(stdout).not.toMatch(/\[(WARNING|ERROR)\]/);
  expect(exitCode).toBe(0);
});

describe('wrong values are refused with words that help', () => {
  test.each<[string, Values, string]>([
    ['a text for a number', { replicas: 'two' }, "'/replicas': got string, want integer"],
    ['a misspelt value', { replica: 2 }, "additional properties 'replica' not allowed"],
    [
      'a misspelt setting',
      { operator: { loglevel: 'debug' } },
      "'/operator': additional properties 'loglevel'",
    ],
    [
      'a level of logging that is none',
      { operator: { logLevel: 'verbose' } },
      "'/operator/logLevel': value must be one of",
    ],
    ['a digest without its kind', { image: { digest: 'abc' } }, "'/image/digest'"],
    ['a namespace that can be none', { watchNamespaces: ['Team A'] }, "'/watchNamespaces/0'"],
    ['too many shards', { pipelineServiceClientConfig: { configMap: { shards: 101 } } }, 'maximum'],
    ['a flag without dashes', { extraArgs: ['log-level=debug'] }, "'/extraArgs/0'"],
    [
      'a backend that is no Airflow',
      { pipelineServiceClientConfig: { enabled: true, type: 'k8s' } },
      'the operator needs an Airflow',
    ],
    [
      'a client without a token',
      { pipelineServiceClientConfig: { enabled: true } },
      'Set exactly one of pipelineServiceClientConfig.openMetadata.jwtToken.secretRef',
    ],
    [
      'a client outside of what is served',
      { watchNamespaces: ['team-a'], airflowNamespaces: ['airflow'] },
      'The namespace airflow of airflowNamespaces (empty: that of the release) is not served: add it to watchNamespaces.',
    ],
    [
      'a policy for Airflows that are not named',
      { airflowNamespaces: ['*'], networkPolicy: { airflow: { enabled: true } } },
      'list them in airflowNamespaces',
    ],
  ])('%s', async (_fault, values, message) => {
    expect(await helm.refusal(values)).toContain(message);
  });

  test.each(Object.entries(PROFILES))('but not: %s', async (_name, values) => {
    await helm.render(values);
  });

  test('nor the block that the chart openmetadata has in the same place', async () => {
    const manifests = await helm.render({
      pipelineServiceClientConfig: {
        enabled: true,
        type: 'airflow',
        metadataApiEndpoint: 'http://openmetadata:8585/api',
        airflow: {
          className: 'org.openmetadata.service.clients.pipeline.airflow.AirflowRESTClient',
          apiEndpoint: 'http://openmetadata-dependencies-api-server:8080',
          verifySsl: 'validate',
          hostIp: '',
          ingestionIpInfoEnabled: false,
          healthCheckInterval: 300,
          sslCertificatePath: '/no/path',
          auth: {
            enabled: true,
            username: 'operator',
            password: { secretRef: 'our-secrets', secretKey: 'our-key' },
            trustStorePath: '',
            trustStorePassword: { secretRef: '', secretKey: '' },
          },
        },
        k8s: { namespace: '' },
        deployPipelinesConfig: { enabled: true, debug: false, additionalArgs: [] },
        openMetadata: { jwtToken: { secretRef: 'openmetadata-bot' } },
      },
    });
    expect(only(manifests, 'PipelineServiceClient')).toMatchObject({
      metadata: { name: 'default', namespace: 'openmetadata' },
      spec: {
        apiEndpoint: 'http://openmetadata-dependencies-api-server:8080',
        metadataApiEndpoint: 'http://openmetadata:8585/api',
        verifySSL: 'validate',
        auth: { username: 'operator', password: { secretRef: 'our-secrets', secretKey: 'our-key' } },
        openMetadata: { jwtToken: { secretRef: 'openmetadata-bot', secretKey: 'token' } },
      },
    });
  });
});

describe('the API server takes every rendering, and Pod Security restricted lets its pods run', () => {
  test.each(Object.entries(PROFILES))('%s', async (_name, values) => {
    const args = [
      'apply',
      '--server-side',
      '--force-conflicts',
      '--dry-run=server',
      '--validate=strict',
      '-f',
      '-',
    ];
    const answer = await kubectl(args, await helm.text(values));
    expect(answer.trim().split('\n')).toHaveLength((await helm.render(values)).length);
  });
});

describe('rights', () => {
  const [known, forSecrets] = [['rbac.yaml'], ['rbac.yaml', 'secret-documents.yaml']].map((names) =>
    verbsOf(names.flatMap((name) => manifestsOf(readFileSync(join(ROOT, 'deploy', name), 'utf8')))),
  );

  test('are those of deploy/', async () => {
    expect(verbsOf(await helm.render({}))).toEqual(known);
    expect(verbsOf(await helm.render(PROFILES['some namespaces'] ?? {}))).toEqual(forSecrets);
  });

  test('allow changes of ConfigMaps only where clients live', async () => {
    const writes = rightsOf(await helm.render({ airflowNamespaces: ['airflow'] })).filter((right) =>
      /^(create|patch) (configmaps|secrets)/.test(right),
    );
    expect(writes).toEqual(['create configmaps in airflow', 'patch configmaps in airflow']);
  });

  test('end at the namespaces that are served, where these are named', async () => {
    const rights = rightsOf(await helm.render({ watchNamespaces: ['team-a', 'openmetadata'] }));
    expect(rights.filter((right) => !/ in (team-a|openmetadata)$/.test(right))).toEqual(['get namespaces']);
    expect(rights).toContain('get secrets in team-a');
    expect(rights).not.toContain('create configmaps in team-a');
  });

  test('allow changes only of Secrets that hold documents', async () => {
    const manifests = await helm.render({
      secretDocuments: { enabled: true, furtherNames: ['former-00'] },
      pipelineServiceClientConfig: { configMap: { name: 'documents', shards: 2 } },
    });
    const role = manifests.find(
      ({ kind, metadata }) => kind === 'Role' && metadata.name.endsWith('-documents'),
    );
    expect(role?.['rules']).toContainEqual({
      apiGroups: [''],
      resources: ['secrets'],
      verbs: ['patch'],
      resourceNames: ['former-00', 'documents-00', 'documents-01'],
    });
  });

  test.each(Object.entries(PROFILES))(
    'never are to list or watch Secrets, or everything: %s',
    async (_n, values) => {
      const rights = rightsOf(await helm.render(values));
      expect(rights.filter((right) => /^(list|watch|delete|\*) secrets|\*/.test(right))).toEqual([]);
    },
  );
});

describe('the pod', () => {
  test('can be told every setting of the operator', async () => {
    const given = await flags({ ...PROFILES['some namespaces'], operator: { defaultClient: 'a/b' } });
    const fixed = ['kubeconfig', 'port', 'bind-address'];
    expect(new Set(given.map((flag) => flag.slice(2).replace(/=.*/, '')))).toEqual(
      new Set(settingNames.filter((name) => !fixed.includes(name))),
    );
  });

  test('knows the client of the chart as that of pipelines that name none', async () => {
    expect(await flags(PROFILES['a client'] ?? {})).toContain('--default-client=openmetadata/default');
    expect((await flags({})).join()).not.toContain('--default-client');
  });

  test('has the image that was asked for', async () => {
    async function image(values: Values): Promise<string> {
      return (await deployment({ image: values })).template.spec.containers[0].image;
    }
    const { appVersion } = z
      .object({ appVersion: z.string() })
      .parse(parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')));
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(await image({})).toBe(`openmetadata-ingestion-operator:${appVersion}`);
    expect(await image({ registry: 'example.org:5000', repository: 'a/b', tag: 'c' })).toBe(
      'example.org:5000/a/b:c',
    );
    expect(await image({ tag: 'c', digest })).toBe(`openmetadata-ingestion-operator@${digest}`);
  });

  test('is found by the Service, and that of the test is not', async () => {
    const manifests = await helm.render({ nameOverride: 'other' });
    const { selector } = Selecting.parse(only(manifests, 'Service')).spec;
    const { template } = Deployment.parse(only(manifests, 'Deployment')).spec;
    expect(template.metadata.labels).toMatchObject(selector);
    expect(only(manifests, 'Pod').metadata.labels).not.toMatchObject(selector);
  });
});

test('the definitions are those of the repository, and outlive the release', async () => {
  const manifests = await helm.render({});
  const definitions = manifests.filter(({ kind }) => kind === 'CustomResourceDefinition');
  expect(definitions).toHaveLength(2);
  for (const { metadata, ...definition } of definitions) {
    const source: unknown = parse(readFileSync(join(ROOT, 'crds', `${metadata.name}.yaml`), 'utf8'));
    expect(source).toMatchObject(definition);
    expect(metadata.annotations).toMatchObject({ 'helm.sh/resource-policy': 'keep' });
  }
});

test('every object carries the labels and annotations that all shall have', async () => {
  const manifests = await helm.render({
    ...PROFILES['everything'],
    extraObjects: [],
    commonLabels: { team: 'data' },
    commonAnnotations: { contact: 'data@example.org' },
  });
  const without = manifests.filter(
    ({ metadata }) => metadata.labels['team'] !== 'data' || metadata.annotations['contact'] === undefined,
  );
  expect(without.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
});

test.each(['README.md', 'helm/openmetadata-ingestion-operator/README.md'])(
  'what %s tells to type would install it',
  async (page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const [, command = ''] = /^```sh\n(helm install [^`]*)\n```$/m.exec(text) ?? [];
    expect(command).toContain('helm install');
    // The definitions are there already, and are nobody's.
    const { stdout, stderr } = await helm.shell(`${command} --dry-run=server --take-ownership`);
    expect(stderr).toBe('');
    expect(stdout).toContain('STATUS: pending-install');
  },
);

test('what Artifact Hub shows of the kinds is true, and its examples can be applied', async () => {
  const { annotations } = z
    .object({ annotations: z.record(z.string(), z.string()) })
    .parse(parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')));
  const crds = z.array(z.object({ name: z.string() })).parse(parse(annotations['artifacthub.io/crds'] ?? ''));
  const rendered = (await helm.render({})).filter(({ kind }) => kind === 'CustomResourceDefinition');
  expect(crds.map(({ name }) => name)).toEqual(rendered.map(({ metadata }) => metadata.name));
  const examples = z.array(z.looseObject({})).parse(parse(annotations['artifacthub.io/crdsExamples'] ?? ''));
  const args = ['create', '--dry-run=server', '--validate=strict', '-f', '-'];
  await kubectl(args, examples.map((example) => stringify(example)).join('---\n'));
});

/** What kube-score finds and what is meant so, and why. */
const MEANT_SO: Readonly<Record<string, string>> = {
  'CPU limit is not set': 'it would only make the start and bursts slower',
  'CPU requests does not match limits': 'as there is no limit',
  'Memory requests does not match limits':
    'the limit is for thousands of pipelines; most clusters have fewer',
  'ImagePullPolicy is not set to Always': 'a tag of a release does not change',
  'The pod does not have a matching NetworkPolicy':
    'the pod of the test serves nothing and lives for a second',
  "The NetworkPolicys selector doesn't match any pods": 'those of Airflow are in another chart',
};

test('kube-score, with all its checks, finds nothing but what is meant so', async () => {
  const score = await ensureKubeScore(terminalProgress());
  const args = ['--all-default-optional', '--kubernetes-version=v1.34', '--output-format=ci'];
  // Without an affinity of its own, which replaces the chart's.
  const stdin = await helm.text({ ...PROFILES['everything'], affinity: {} });
  const { stdout, stderr } = await runCommand(score, ['score', ...args, '-'], { stdin });
  expect(stderr).toBe('');
  const findings = stdout.matchAll(/^\[(?:WARNING|CRITICAL)\] \S+ \S+: (?:\(\w+\) )?(.*)$/gm);
  expect(new Set([...findings].map(([, finding]) => finding))).toEqual(new Set(Object.keys(MEANT_SO)));
});
