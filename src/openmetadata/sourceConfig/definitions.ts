import type { Shape, SourceConfigSchema } from './shape.ts';

export type Definitions = SourceConfigSchema['definitions'];

/** The shape itself where the given one only refers to it. */
export function resolve(shape: Shape, definitions: Definitions): Exclude<Shape, `#${string}`> {
  if (typeof shape !== 'string' || !isReference(shape)) {
    return shape;
  }
  const target = definitions[shape.slice(1)];
  if (target === undefined) {
    throw new Error(`the schema has no definition ${shape}`);
  }
  return resolve(target, definitions);
}

function isReference(shape: string): shape is `#${string}` {
  return shape.startsWith('#');
}
