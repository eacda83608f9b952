import { z } from 'zod';

/** A JSON schema as zod makes it. */
export type JSONSchema = z.core.JSONSchema.BaseSchema;

const PRESERVE_UNKNOWN = 'x-kubernetes-preserve-unknown-fields';

/** An empty schema stands for anything; Kubernetes wants that said on the object that holds it. */
function preserveUnknownFields(schema: JSONSchema): void {
  const further = schema.additionalProperties;
  if (typeof further === 'object' && Object.keys(further).length === 0) {
    delete schema.additionalProperties;
    schema[PRESERVE_UNKNOWN] = true;
  }
}

/** Zod bounds every integer by what JavaScript can hold, which says nothing to a reader. */
function dropSafeIntegerBounds(schema: JSONSchema): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) {
    delete schema.minimum;
  }
  if (schema.maximum === Number.MAX_SAFE_INTEGER) {
    delete schema.maximum;
  }
}

/** The structural schema, in the sense of Kubernetes, for a zod schema. */
export function structuralSchema(schema: z.ZodType): JSONSchema {
  return z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    override: ({ jsonSchema }) => {
      preserveUnknownFields(jsonSchema);
      dropSafeIntegerBounds(jsonSchema);
    },
  });
}
