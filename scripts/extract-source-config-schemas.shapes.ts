import { z } from 'zod';

import type { Shape } from '../src/openmetadata/sourceConfig/shape.ts';

/** The part of JSON Schema that occurs. Strict, so that a limit that is new upstream cannot get lost unnoticed. */
export interface JsonSchema {
  readonly $ref?: string | undefined;
  readonly type?: string | undefined;
  readonly const?: string | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minItems?: number | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly additionalProperties?: boolean | JsonSchema | undefined;
  readonly items?: JsonSchema | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly allOf?: readonly JsonSchema[] | undefined;
}

export const JsonSchema: z.ZodType<JsonSchema> = z.strictObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  const: z.string().optional(),
  enum: z.array(z.string()).optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), JsonSchema).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), JsonSchema]).optional();
  },
  get items() {
    return JsonSchema.optional();
  },
  get anyOf() {
    return z.array(JsonSchema).optional();
  },
  get allOf() {
    return z.tuple([JsonSchema]).optional();
  },
  // Told apart from the limits above, and left out.
  title: z.unknown().optional(),
  description: z.unknown().optional(),
  default: z.unknown().optional(),
  examples: z.unknown().optional(),
  writeOnly: z.unknown().optional(),
});

/** They hold the connections of services and the options of applications: hundreds of forms, none of them ours to judge. */
const OPAQUE = new Map<string, Shape>([
  ['serviceConnections', { items: 'any' }],
  ['appConfig', { values: 'any' }],
  ['appPrivateConfig', { values: 'any' }],
]);
const PLAIN_FORMATS = new Map<string, Shape>([
  ['password', 'secret'],
  ['uri', 'uri'],
  ['uuid', 'uuid'],
]);

/** What a JSON schema says, in compact form; what it refers to stays a reference. */
export function toShape(schema: JsonSchema): Shape {
  const { $ref, anyOf, allOf, items, minItems } = schema;
  if ($ref !== undefined) return `#${nameOf($ref)}`;
  if (allOf?.[0] !== undefined) return toShape(allOf[0]);
  if (anyOf !== undefined) {
    return choice(anyOf.filter(({ type }) => type !== 'null').map((branch) => toShape(branch)));
  }
  if (schema.const !== undefined) return { enum: [schema.const] };
  if (schema.enum !== undefined) return { enum: [...schema.enum] };
  if (items !== undefined) return { items: toShape(items), minItems };
  if (schema.type === 'object') return objectShape(schema);
  return scalarShape(schema);
}

function choice(branches: readonly Shape[]): Shape {
  const [only] = branches;
  return only !== undefined && branches.length === 1 ? only : { anyOf: branches };
}

function objectShape({ properties, required, additionalProperties }: JsonSchema): Shape {
  if (Object.keys(properties ?? {}).length === 0 && additionalProperties !== false) {
    return { values: typeof additionalProperties === 'object' ? toShape(additionalProperties) : 'any' };
  }
  const members = Object.entries(properties ?? {}).map(([name, member]): [string, Shape] => [
    name,
    OPAQUE.get(name) ?? toShape(member),
  ]);
  return {
    properties: sorted(members),
    required: required?.toSorted(),
    open: additionalProperties === false ? undefined : true,
  };
}

function scalarShape({
  type,
  format = '',
  minimum,
  maximum,
  minLength,
  maxLength,
  pattern,
}: JsonSchema): Shape {
  if (type === 'boolean') return 'boolean';
  if (type === 'integer' || type === 'number') {
    return minimum === undefined && maximum === undefined ? type : { type, minimum, maximum };
  }
  if (type !== 'string') return 'any';
  const plain = PLAIN_FORMATS.get(format);
  const isLimited = (minLength ?? maxLength ?? pattern) !== undefined;
  return plain ?? (isLimited ? { type, minLength, maxLength, pattern: portable(pattern) } : 'string');
}

/** Patterns may begin with a flag of Java or Python for what JavaScript does by itself. Fails where there is more. */
function portable(pattern: string | undefined): string | undefined {
  const plain = pattern?.replace(/^\(\?u\)/i, '');
  return plain === undefined ? undefined : new RegExp(plain, 'u').source;
}

export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** An object of these members by their names, so that its text depends on nothing else. */
export function sorted<T>(members: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(members.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
