/**
 * Writes what the chart has from elsewhere: the two definitions from crds/, values.schema.json from the types in
 * generate-chart.values.ts and the comments in values.yaml, and the table of values in its README.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

import { isMap, isScalar, parseDocument } from 'yaml';
import { z } from 'zod';

import { ChartValues } from './generate-chart.values.ts';

interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** One value that can be set: where, its default, and what its comment says. */
interface Value {
  readonly path: readonly string[];
  readonly fallback: unknown;
  readonly meaning: string;
}

interface Schema {
  description?: string | undefined;
  readonly $schema?: string | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
}

const ROOT = join(import.meta.dirname, '..');
const CHART = join(ROOT, 'helm', 'openmetadata-ingestion-operator');
const CRDS = join(ROOT, 'crds');
const BEGIN = '<!-- generated: values -->';
const END = '<!-- end of generated -->';

const Schema: z.ZodType<Schema> = z.looseObject({
  description: z.string().optional(),
  $schema: z.string().optional(),
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
});

/** Every value below a node that has a comment of its own; groups of values have none, or one for all of them. */
function valuesOf(node: unknown, path: readonly string[]): Value[] {
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }, index): Value[] => {
    if (!isScalar(key)) return [];
    // The comment above the first key of a map belongs to the map as a whole, to the parser.
    const comment = key.commentBefore ?? (index === 0 ? node.commentBefore : undefined);
    const here = [...path, String(key.value)];
    const meaning = (comment ?? '').split('\n').join(' ').replaceAll(/\s+/g, ' ').trim();
    const inner = valuesOf(value, here);
    const isGroup = inner.some((member) => member.meaning !== '');
    const own = { path: here, fallback: plain(value), meaning };
    return isGroup ? [...(meaning === '' ? [] : [{ ...own, fallback: undefined }]), ...inner] : [own];
  });
}

function plain(node: unknown): unknown {
  return isMap(node) || isScalar(node) || hasJson(node) ? node.toJSON() : undefined;
}

function hasJson(node: unknown): node is { toJSON(): unknown } {
  return typeof node === 'object' && node !== null && 'toJSON' in node && typeof node.toJSON === 'function';
}

function describe(schema: Schema, { path, meaning }: Value): void {
  const member = path.reduce<Schema | undefined>((inner, name) => inner?.properties?.[name], schema);
  if (member === undefined) throw new Error(`generate-chart.values.ts has no ${path.join('.')}`);
  if (meaning !== '') member.description = meaning;
}

/** Draft 7, which every Helm 3 understands. */
function schemaFile(values: readonly Value[]): GeneratedFile {
  const { $schema, ...schema } = Schema.parse(
    z.toJSONSchema(ChartValues, { target: 'draft-7', override: ({ jsonSchema }) => tidy(jsonSchema) }),
  );
  values.forEach((value) => describe(schema, value));
  const content = JSON.stringify({ $schema, ...schema }, undefined, 2);
  return { path: join(CHART, 'values.schema.json'), content: `${content}\n` };
}

/** Nothing is required, as whoever sets a value to null takes it away. The rest says nothing in JSON. */
function tidy(schema: z.core.JSONSchema.BaseSchema): void {
  delete schema.required;
  delete schema.propertyNames;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

function table(values: readonly Value[]): string {
  const rows = values.map(({ path, fallback, meaning }) => {
    const value =
      fallback === undefined ? '' : `\`${JSON.stringify(fallback).replaceAll('|', String.raw`\|`)}\``;
    return `| \`${path.join('.')}\` | ${value} | ${meaning.replaceAll('|', String.raw`\|`)} |`;
  });
  return ['| value | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

function readmeFile(values: readonly Value[]): GeneratedFile {
  const path = join(CHART, 'README.md');
  const page = readFileSync(path, 'utf8');
  const [before = '', rest = ''] = page.split(BEGIN);
  const after = rest.slice(rest.indexOf(END));
  return { path, content: `${before}${BEGIN}\n${table(values)}\n${after}` };
}

function definitionFiles(): GeneratedFile[] {
  return readdirSync(CRDS).map((name) => ({
    path: join(CHART, 'files', 'crds', name),
    content: readFileSync(join(CRDS, name), 'utf8'),
  }));
}

const document = parseDocument(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
const defaults = ChartValues.safeParse(document.toJS());
if (!defaults.success) throw new Error(`values.yaml: ${z.prettifyError(defaults.error)}`);
const values = valuesOf(document.contents, []);
const files = [...definitionFiles(), schemaFile(values), readmeFile(values)];

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
for (const { path, content } of files) {
  if (!options.check) {
    writeFileSync(path, content);
  } else if (!existsSync(path) || readFileSync(path, 'utf8') !== content) {
    process.stderr.write(`${relative(ROOT, path)} is not up to date: run "npm run generate"\n`);
    process.exitCode = 1;
  }
}
