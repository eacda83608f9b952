import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { z } from 'zod';

import { customResourceDefinitions } from '../src/api/customResourceDefinition.ts';

/** What the reference pages show of a schema. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly 'x-kubernetes-validations'?: readonly Rule[];
}

interface Rule {
  readonly message: string;
  readonly fieldPath?: string;
}

const Rule = z.object({ message: z.string(), fieldPath: z.string().optional() });

const Schema: z.ZodType<Schema> = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  get items() {
    return Schema.optional();
  },
  'x-kubernetes-validations': z.array(Rule).optional(),
});

const Kind = z.object({
  spec: z.object({
    names: z.object({ kind: z.string() }),
    versions: z.tuple([z.object({ schema: z.object({ openAPIV3Schema: Schema }) })]),
  }),
});

interface Row {
  readonly path: string;
  readonly isRequired: boolean;
  readonly schema: Schema;
}

const DOCS = join(import.meta.dirname, '..', 'docs');

/** Every field below a schema, parents first. */
function rowsOf(schema: Schema, prefix: string): Row[] {
  const members = schema.properties ?? schema.items?.properties ?? {};
  const required = schema.required ?? schema.items?.required ?? [];
  return Object.entries(members).flatMap(([name, member]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const row = { path, isRequired: required.includes(name), schema: member };
    return [row, ...rowsOf(member, member.type === 'array' ? `${path}[]` : path)];
  });
}

function typeOf({ type = 'any', format, enum: choices, minimum, maximum, items }: Schema): string {
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (items !== undefined) return `list of ${typeOf(items)}`;
  if (type === 'integer' && minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  return format ?? type;
}

/** The description without its last sentence, and what that says about the default. */
function splitDescription(description = ''): { meaning: string; fallback: string } {
  const [, meaning = '', fallback = ''] = /^(.*?)(?: Default: (.*)\.)?$/s.exec(description) ?? [];
  return { meaning: escape(meaning), fallback: escape(fallback) };
}

function escape(text: string): string {
  return text.replaceAll('<', String.raw`\<`).replaceAll('|', String.raw`\|`);
}

function specTable(schema: Schema): string {
  const lines = rowsOf(schema, '').map(({ path, isRequired, schema: field }) => {
    const { meaning, fallback } = splitDescription(field.description);
    return `| \`${path}\` | ${typeOf(field)} | ${isRequired ? '**required**' : fallback} | ${meaning} |`;
  });
  return ['| field | type or values | default | meaning |', '|---|---|---|---|', ...lines].join('\n');
}

function statusTable(schema: Schema): string {
  const lines = rowsOf(schema, '').map(
    ({ path, schema: field }) => `| \`${path}\` | ${typeOf(field)} | ${escape(field.description ?? '')} |`,
  );
  return ['| field | type or values | meaning |', '|---|---|---|', ...lines].join('\n');
}

function ruleTable(schema: Schema): string {
  const lines = [{ path: '', schema }, ...rowsOf(schema, '')].flatMap(({ path, schema: field }) => {
    const prefix = path === '' ? '' : `${path}.`;
    return (field['x-kubernetes-validations'] ?? []).map(({ message, fieldPath }) => {
      const blamed = fieldPath === undefined ? path : `${prefix}${fieldPath.slice(1)}`;
      return `| \`${blamed === '' ? 'spec' : blamed}\` | ${escape(message)} |`;
    });
  });
  return ['| field | rule |', '|---|---|', ...lines].join('\n');
}

function replaceBlock(page: string, name: string, content: string): string {
  const begin = `<!-- generated: ${name} -->`;
  const end = '<!-- end of generated -->';
  const [before, rest] = page.split(begin);
  if (rest === undefined) throw new Error(`a page lacks "${begin}"`);
  return `${before}${begin}\n${content}\n${rest.slice(rest.indexOf(end))}`;
}

/** The reference page of a kind as it should be. */
function render(page: string, schema: Schema): string {
  const { spec = {}, status = {} } = schema.properties ?? {};
  const withSpec = replaceBlock(page, 'spec', specTable(spec));
  return replaceBlock(replaceBlock(withSpec, 'status', statusTable(status)), 'rules', ruleTable(spec));
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
for (const definition of customResourceDefinitions()) {
  const { names, versions } = Kind.parse(definition).spec;
  const file = `${names.kind.toLowerCase()}.md`;
  const current = readFileSync(join(DOCS, file), 'utf8');
  const wanted = render(current, versions[0].schema.openAPIV3Schema);
  if (!values.check) {
    writeFileSync(join(DOCS, file), wanted);
  } else if (current !== wanted) {
    process.stderr.write(`docs/${file} differs from src/api: run "node scripts/generate-docs.ts"\n`);
    process.exitCode = 1;
  }
}
