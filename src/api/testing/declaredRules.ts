import { isObject, memberAt } from './json.ts';

/** A CEL rule of a definition and the field that it blames. */
export interface DeclaredRule {
  readonly field: string;
  readonly message: string;
}

/** Every CEL rule of a custom resource definition. */
export function declaredRules(definition: unknown): DeclaredRule[] {
  return rulesBelow('', memberAt(definition, 'spec.versions.0.schema.openAPIV3Schema'));
}

function rulesBelow(field: string, schema: unknown): DeclaredRule[] {
  if (!isObject(schema)) {
    return [];
  }
  const properties = isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  return [
    ...rulesAt(field, schema['x-kubernetes-validations']),
    ...properties.flatMap(([name, property]) =>
      rulesBelow(field === '' ? name : `${field}.${name}`, property),
    ),
    ...rulesBelow(`${field}[0]`, schema['items']),
  ];
}

function rulesAt(field: string, rules: unknown): DeclaredRule[] {
  return (Array.isArray(rules) ? rules : []).filter(isObject).map(({ fieldPath, message }) => ({
    field: typeof fieldPath === 'string' ? `${field}${fieldPath}` : field,
    message: String(message),
  }));
}
