import { createReadStream, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { parse } from 'yaml';
import { z } from 'zod';
import { CHART } from '../chart/helm.ts';
import type { Progress } from '../support/progress.ts';
import { runCommandOrThrow } from '../support/runCommand.ts';
import { buildah, limitBuildCache } from './buildah.ts';
import { ensureBuildImage } from './buildImage.ts';
import { npmConfiguration } from './npmConfiguration.ts';

/** The image of the Dockerfile, as an archive that a container runtime takes. */
export interface OperatorImage {
  readonly archive: string;
  /** Of its contents: the same for the same files with the same times. */
  readonly layers: readonly string[];
  /** Paths of all files in it, without those of directories. */
  readonly files: readonly string[];
}

const ROOT = join(import.meta.dirname, '..', '..');
/** Of everything in the image. With that of a commit, a build after each would begin anew. */
const TIME = 1_700_000_000;
const Chart = z.object({ name: z.string(), appVersion: z.string() });
const Archive = z.tuple([z.object({ Layers: z.array(z.string()) })]);
const Inspection = z.object({ OCIv1: z.object({ rootfs: z.object({ diff_ids: z.array(z.string()) }) }) });

/** Builds it under the name by which the chart's pods ask for it. */
export async function buildOperatorImage(directory: string, progress: Progress): Promise<OperatorImage> {
  const base = await ensureBuildImage(progress);
  return progress.step('building the image of the operator', () => build(base, directory, []), 30);
}

/** As before, but with nothing taken from the builds before. */
export async function buildOperatorImageAnew(directory: string, progress: Progress): Promise<OperatorImage> {
  const base = await ensureBuildImage(progress);
  return progress.step('building it again from the start', () => build(base, directory, ['--no-cache']), 30);
}

async function build(base: string, directory: string, more: readonly string[]): Promise<OperatorImage> {
  const { name, appVersion } = Chart.parse(parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')));
  const tag = `localhost/${name}:${appVersion}`;
  const mounts = await npmConfiguration(directory);
  await limitBuildCache();
  await buildah([
    'bud',
    '--pull=never',
    '--isolation=chroot',
    '--layers',
    `--timestamp=${TIME}`,
    `--tag=${tag}`,
    `--build-arg=BUILD_IMAGE=${base}`,
    `--build-arg=SOURCE_DATE_EPOCH=${TIME}`,
    ...mounts.map(({ source, target }) => `--volume=${source}:${target}:ro`),
    ...more,
    ROOT,
  ]);
  const archive = join(directory, 'operator.tar');
  rmSync(archive, { force: true });
  await buildah([
    'push',
    '--quiet',
    tag,
    `docker-archive:${archive}:docker.io/library/${name}:${appVersion}`,
  ]);
  const inspection = Inspection.parse(JSON.parse(await buildah(['inspect', '--type', 'image', tag])));
  return { archive, layers: inspection.OCIv1.rootfs.diff_ids, files: await filesIn(archive) };
}

/** The archive holds a tar file for each layer. */
async function filesIn(archive: string): Promise<string[]> {
  const manifest = await runCommandOrThrow('tar', ['-xOf', archive, 'manifest.json']);
  const [{ Layers: layers }] = Archive.parse(JSON.parse(manifest));
  const lists = await Promise.all(
    layers.map((layer) => runCommandOrThrow('sh', ['-c', 'tar -xOf "$0" "$1" | tar -t', archive, layer])),
  );
  return lists.flatMap((list) => list.split('\n')).filter((path) => path !== '' && !path.endsWith('/'));
}

/** Bytes that a registry would keep. */
export async function compressedSize(archive: string): Promise<number> {
  let size = 0;
  const gzip = createGzip();
  gzip.on('data', (chunk: Buffer) => (size += chunk.length));
  await pipeline(createReadStream(archive), gzip);
  return size;
}
