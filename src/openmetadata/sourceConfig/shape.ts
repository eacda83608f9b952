import { z } from 'zod';

/** A form without further limits, or a definition of the same schema. */
const SimpleShape = z.union([
  z.enum(['any', 'boolean', 'integer', 'number', 'string', 'secret', 'uri', 'uuid']),
  z.templateLiteral(['#', z.string()]),
]);

const EnumShape = z.strictObject({ enum: z.array(z.string()) });

const NumberShape = z.strictObject({
  type: z.enum(['integer', 'number']),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

const TextShape = z.strictObject({
  type: z.literal('string'),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  pattern: z.string().optional(),
});

export type EnumShape = z.infer<typeof EnumShape>;
export type NumberShape = z.infer<typeof NumberShape>;
export type TextShape = z.infer<typeof TextShape>;

export interface ListShape {
  readonly items: Shape;
  readonly minItems?: number | undefined;
}

/** An object without keys of its own, such as a table of headers. */
export interface MapShape {
  readonly values: Shape;
}

export interface ObjectShape {
  readonly properties: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[] | undefined;
  /** OpenMetadata ignores keys that it does not know, where it refuses them everywhere else. */
  readonly open?: true | undefined;
}

export interface ChoiceShape {
  readonly anyOf: readonly Shape[];
}

/** What a value may look like: a small part of JSON Schema, in its words. No object may have further keys unless open. */
export type Shape =
  | z.infer<typeof SimpleShape>
  | EnumShape
  | NumberShape
  | TextShape
  | ListShape
  | MapShape
  | ObjectShape
  | ChoiceShape;

const Shape: z.ZodType<Shape> = z.union([
  SimpleShape,
  EnumShape,
  z.strictObject({
    get properties() {
      return z.record(z.string(), Shape);
    },
    required: z.array(z.string()).optional(),
    open: z.literal(true).optional(),
  }),
  NumberShape,
  TextShape,
  z.strictObject({
    get items() {
      return Shape;
    },
    minItems: z.number().optional(),
  }),
  z.strictObject({
    get values() {
      return Shape;
    },
  }),
  z.strictObject({
    get anyOf() {
      return z.array(Shape);
    },
  }),
]);

/** The source configurations of one minor version. */
export const SourceConfigSchema = z.strictObject({
  /** What it was read from. */
  release: z.string(),
  definitions: z.record(z.string(), Shape),
  /** By `config.type`, then by type of service where that matters, else by `any`. */
  sourceConfigs: z.record(z.string(), z.record(z.string(), Shape)),
});

export type SourceConfigSchema = z.infer<typeof SourceConfigSchema>;
