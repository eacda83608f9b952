import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

import { stringify } from 'yaml';

import { customResourceDefinitions } from '../src/api/customResourceDefinition.ts';
import type { CustomResourceDefinition } from '../src/api/customResourceDefinition.ts';

const DIRECTORY = join(import.meta.dirname, '..', 'crds');
const HEADER = '# Generated from src/api by "npm run generate". Do not edit.\n';
const FORMAT = { sortMapEntries: true, lineWidth: 110, aliasDuplicateObjects: false };

interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

function generatedFile(definition: CustomResourceDefinition): GeneratedFile {
  const path = join(DIRECTORY, `${definition.metadata.name}.yaml`);
  const content = HEADER + stringify(definition, FORMAT);
  return { path, content };
}

function isUpToDate({ path, content }: GeneratedFile): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === content;
}

function check(files: readonly GeneratedFile[]): void {
  for (const { path } of files.filter((file) => !isUpToDate(file))) {
    process.stderr.write(`crds/${basename(path)} differs from src/api: run "npm run generate"\n`);
    process.exitCode = 1;
  }
}

function write(files: readonly GeneratedFile[]): void {
  mkdirSync(DIRECTORY, { recursive: true });
  for (const { path, content } of files) {
    writeFileSync(path, content);
  }
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const files = customResourceDefinitions().map(generatedFile);
if (values.check) {
  check(files);
} else {
  write(files);
}
