import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';

import { stringify } from 'yaml';

import { customResourceDefinitions } from '../src/api/customResourceDefinition.ts';
import type { CustomResourceDefinition } from '../src/api/customResourceDefinition.ts';

const ROOT = join(import.meta.dirname, '..');
/** The second is for kustomize, which reads no file from above its directory. */
const DIRECTORIES = [join(ROOT, 'crds'), join(ROOT, 'deploy', 'kustomize', 'crds')];
const HEADER = '# Generated from src/api by "npm run generate". Do not edit.\n';
const FORMAT = { sortMapEntries: true, lineWidth: 110, aliasDuplicateObjects: false };

interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

function generatedFiles(definition: CustomResourceDefinition): GeneratedFile[] {
  const content = HEADER + stringify(definition, FORMAT);
  return DIRECTORIES.map((directory) => ({
    path: join(directory, `${definition.metadata.name}.yaml`),
    content,
  }));
}

function isUpToDate({ path, content }: GeneratedFile): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === content;
}

function check(files: readonly GeneratedFile[]): void {
  for (const { path } of files.filter((file) => !isUpToDate(file))) {
    process.stderr.write(`${relative(ROOT, path)} differs from src/api: run "npm run generate"\n`);
    process.exitCode = 1;
  }
}

function write(files: readonly GeneratedFile[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const files = customResourceDefinitions().flatMap(generatedFiles);
if (values.check) {
  check(files);
} else {
  write(files);
}
