import { expect, test } from 'vitest';
import { z } from 'zod';

import { IngestionPipeline } from './ingestionPipeline.ts';
import { PipelineServiceClient } from './pipelineServiceClient.ts';
import { structuralSchema } from './structuralSchema.ts';
import { isObject } from './testing/json.ts';

interface Node {
  readonly path: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly isOptional: boolean;
}

const ALLOWED_KEYS = new Set([
  'type',
  'format',
  'enum',
  'description',
  'properties',
  'required',
  'items',
  'additionalProperties',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'maxItems',
  'maxProperties',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
]);

const TYPES = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);

function nodeAt(path: string, schema: unknown, isOptional = false): Node[] {
  return isObject(schema) ? nodesOf({ path, schema, isOptional }) : [];
}

function nodesOf(node: Node): Node[] {
  const { path, schema } = node;
  const properties = isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
  return [
    node,
    ...properties.flatMap(([name, property]) =>
      nodeAt(`${path}.${name}`, property, !required.includes(name)),
    ),
    ...nodeAt(`${path}[]`, schema['items']),
    ...nodeAt(`${path}{}`, schema['additionalProperties']),
  ];
}

const kinds = { IngestionPipeline, PipelineServiceClient };

/** Everything but the envelope, which the CRD declares by itself. */
const nodes = Object.entries(kinds).flatMap(([name, kind]) =>
  nodeAt(name, structuralSchema(kind)).filter(({ path }) => !/^\w+\.(apiVersion|kind|metadata)\b/.test(path)),
);

function pathsWhere(predicate: (schema: Node['schema']) => boolean): string[] {
  return nodes.filter(({ schema }) => predicate(schema)).map(({ path }) => path);
}

test('there are nodes to judge', () => {
  expect(nodes.length).toBeGreaterThan(100);
});

test('every node has one type', () => {
  expect(pathsWhere(({ type }) => typeof type !== 'string' || !TYPES.has(type))).toEqual([]);
});

test('no node has a key that a structural schema may not have, nor a default', () => {
  expect(pathsWhere((schema) => Object.keys(schema).some((key) => !ALLOWED_KEYS.has(key)))).toEqual([]);
});

test('every node has a description', () => {
  const undescribed = nodes.filter(
    ({ path, schema }) => !path.endsWith('[]') && typeof schema['description'] !== 'string',
  );
  expect(undescribed.map(({ path }) => path)).toEqual([]);
});

test('descriptions are sentences in words that kubectl can show', () => {
  const odd = pathsWhere(
    ({ description }) => typeof description === 'string' && !/^\S.*\.$/.test(description),
  );
  expect(odd).toEqual([]);
});

test('every optional field of a specification says what happens without it', () => {
  const silent = nodes.filter(
    ({ path, isOptional, schema }) =>
      path.includes('.spec.') &&
      isOptional &&
      !/Default: |[Ee]xactly one of/.test(String(schema['description'])),
  );
  expect(silent.map(({ path }) => path)).toEqual([]);
});

test('every text, list and map is bounded, so that the cost of rules can be judged', () => {
  expect(pathsWhere((schema) => schema['type'] === 'array' && schema['maxItems'] === undefined)).toEqual([]);
  expect(
    pathsWhere(
      (schema) => schema['additionalProperties'] !== undefined && schema['maxProperties'] === undefined,
    ),
  ).toEqual([]);
  expect(
    pathsWhere(
      ({ type, enum: choices, format, maxLength }) =>
        type === 'string' && choices === undefined && format === undefined && maxLength === undefined,
    ),
  ).toEqual([]);
});

test('every list of objects is keyed or atomic', () => {
  const unkeyed = pathsWhere(
    (schema) => schema['type'] === 'array' && schema['x-kubernetes-list-type'] === undefined,
  );
  expect(unkeyed).toEqual([]);
});

test('every rule has a message', () => {
  const lists = nodes
    .map(({ schema }) => schema['x-kubernetes-validations'])
    .filter((list) => Array.isArray(list));
  const messages = lists.flat().map((rule: unknown) => (isObject(rule) ? rule['message'] : undefined));
  expect(messages.length).toBeGreaterThan(20);
  expect(messages.every((message) => typeof message === 'string' && !message.includes('\n'))).toBe(true);
});

test('an object of unknown fields keeps them', () => {
  expect(structuralSchema(z.looseObject({ type: z.string() }))).toMatchObject({
    type: 'object',
    properties: { type: { type: 'string' } },
    'x-kubernetes-preserve-unknown-fields': true,
  });
});

test('bounds that only JavaScript has are left out', () => {
  expect(structuralSchema(z.int())).toEqual({ type: 'integer' });
  expect(structuralSchema(z.int().min(0).max(5))).toEqual({ type: 'integer', minimum: 0, maximum: 5 });
});
