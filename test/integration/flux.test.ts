import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createHelm, type Helm } from '../chart/helm.ts';
import { createReaders, DEPLOY, type Readers, type Resource } from '../gitops/readers.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporaryDirectory.ts';

const ROOT = join(DEPLOY, '..');
const FILES = readdirSync(join(DEPLOY, 'flux'));
const SourceRef = z.object({ kind: z.string(), name: z.string() });
const Kustomization = z.object({ spec: z.object({ sourceRef: SourceRef, path: z.string() }) });
const HelmRelease = z.object({
  spec: z.object({
    targetNamespace: z.string(),
    releaseName: z.string(),
    chart: z.object({ spec: z.object({ chart: z.string(), sourceRef: SourceRef }) }),
    values: z.record(z.string(), z.unknown()),
  }),
});

let readers: Readers;
let directory: TemporaryDirectory;
let helm: Helm;

beforeAll(async () => {
  directory = temporaryDirectory('flux');
  [readers, helm] = await Promise.all([createReaders(), createHelm(directory.path)]);
});

afterAll(() => directory?.remove());

function ofKind(objects: readonly Resource[], kind: string): Resource[] {
  return objects.filter((object) => object.kind === kind);
}

describe.each(FILES)('deploy/flux/%s', (file) => {
  test('is what Flux knows, and refers to what is there', async () => {
    const objects = await readers.fluxObjects(file);
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    const sources = [
      ...ofKind(objects, 'Kustomization').map((object) => Kustomization.parse(object).spec.sourceRef),
      ...ofKind(objects, 'HelmRelease').map((object) => HelmRelease.parse(object).spec.chart.spec.sourceRef),
    ];
    expect(sources).not.toEqual([]);
    for (const { kind, name } of sources) expect(names).toContain(`${kind} ${name}`);
  });

  test('leads to a chart that takes the values, or to a kustomization', async () => {
    const objects = await readers.fluxObjects(file);
    for (const release of ofKind(objects, 'HelmRelease')) {
      const { chart, values, releaseName, targetNamespace } = HelmRelease.parse(release).spec;
      const options = {
        release: releaseName,
        namespace: targetNamespace,
        chart: join(ROOT, chart.spec.chart),
      };
      expect(await helm.render(values, options)).not.toEqual([]);
    }
    for (const object of ofKind(objects, 'Kustomization')) {
      const { path, sourceRef } = Kustomization.parse(object).spec;
      const ours = sourceRef.name === 'openmetadata-ingestion-operator';
      expect(existsSync(join(ROOT, path, 'kustomization.yaml'))).toBe(ours);
    }
  });
});
