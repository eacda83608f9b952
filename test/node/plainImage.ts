import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandOrThrow } from '../support/runCommand.ts';

/** An image of one layer, which is small. */
export interface PlainImage {
  /** As a pod names it, with a tag. */
  readonly name: string;
  /** What is in it. */
  readonly files: string;
  readonly entrypoint?: readonly string[];
}

/** Makes an archive of the image, without a tool for images; returns its path. */
export async function archiveImage(directory: string, image: PlainImage): Promise<string> {
  mkdirSync(directory, { recursive: true });
  await runCommandOrThrow('tar', [
    '--create',
    '--owner=0',
    '--group=0',
    `--file=${join(directory, 'layer.tar')}`,
    `--directory=${image.files}`,
    '.',
  ]);
  const layer = createHash('sha256')
    .update(readFileSync(join(directory, 'layer.tar')))
    .digest('hex');
  const description = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: image.entrypoint },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
  };
  const manifest = [{ Config: 'config.json', RepoTags: [image.name], Layers: ['layer.tar'] }];
  writeFileSync(join(directory, 'config.json'), JSON.stringify(description));
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  const archive = join(directory, 'image.tar');
  const members = ['manifest.json', 'config.json', 'layer.tar'];
  await runCommandOrThrow('tar', ['--create', `--file=${archive}`, `--directory=${directory}`, ...members]);
  return archive;
}
