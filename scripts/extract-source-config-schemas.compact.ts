import { z } from 'zod';

import type { Shape, SourceConfigSchema } from '../src/openmetadata/sourceConfig/shape.ts';
import { JsonSchema, nameOf, sorted, toShape } from './extract-source-config-schemas.shapes.ts';

const Definitions = z.record(z.string(), z.unknown());

const Document = z.object({
  properties: z.object({ config: z.object({ anyOf: z.array(JsonSchema) }) }),
  $defs: Definitions.optional(),
  definitions: Definitions.optional(),
});

/** A definition shorter than this is not worth a name. */
const SHORT = 40;

type Shapes = ReadonlyMap<string, Shape>;

/** The source configurations of a release in compact form, from the JSON schema of its models. */
export function compactSchema(release: string, input: unknown): SourceConfigSchema {
  const { properties, $defs, definitions } = Document.parse(input);
  const roots = properties.config.anyOf.flatMap(({ $ref }) => ($ref === undefined ? [] : [nameOf($ref)]));
  const shapes = reachable($defs ?? definitions ?? {}, roots);
  const titles = sharedTitles(shapes);
  return {
    release,
    definitions: sorted(
      [...titles].map(([name, title]) => [title, inline(shapeOf(shapes, name), shapes, titles)]),
    ),
    sourceConfigs: byType(roots, shapes, titles),
  };
}

function reachable(sources: Readonly<Record<string, unknown>>, roots: readonly string[]): Shapes {
  const found = new Map<string, Shape>();
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (!found.has(name)) {
      const shape = toShape(JsonSchema.parse(sources[name]));
      found.set(name, shape);
      waiting.push(...references(shape));
    }
  }
  return found;
}

function shapeOf(shapes: Shapes, name: string): Shape {
  const shape = shapes.get(name);
  if (shape === undefined) throw new Error(`there is no definition ${name}`);
  return shape;
}

function references(shape: Shape): string[] {
  if (typeof shape === 'string') return shape.startsWith('#') ? [shape.slice(1)] : [];
  if ('anyOf' in shape) return shape.anyOf.flatMap(references);
  if ('items' in shape) return references(shape.items);
  if ('values' in shape) return references(shape.values);
  return 'properties' in shape ? Object.values(shape.properties).flatMap(references) : [];
}

/** The definitions that are used more than once and long enough, with what to call them. */
function sharedTitles(shapes: Shapes): ReadonlyMap<string, string> {
  const uses = [...shapes.values()].flatMap(references);
  const shared = [...shapes].filter(
    ([name, shape]) => uses.indexOf(name) !== uses.lastIndexOf(name) && JSON.stringify(shape).length > SHORT,
  );
  const titles = shared.map(([name]) => lastPart(name));
  return new Map(
    shared.map(([name], index) => {
      const title = lastPart(name);
      return [name, titles.indexOf(title) === titles.lastIndexOf(title) ? title : `${title}${index}`];
    }),
  );
}

/** Names that occur twice come with the path of their module. */
function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('__') + 1).replace(/^_/, '');
}

function inline(shape: Shape, shapes: Shapes, titles: ReadonlyMap<string, string>): Shape {
  function visit(inner: Shape): Shape {
    return inline(inner, shapes, titles);
  }
  if (typeof shape === 'string') {
    const name = shape.startsWith('#') ? shape.slice(1) : undefined;
    if (name === undefined) return shape;
    const title = titles.get(name);
    return title === undefined ? visit(shapeOf(shapes, name)) : `#${title}`;
  }
  if ('anyOf' in shape) return { anyOf: shape.anyOf.map(visit) };
  if ('items' in shape) return { ...shape, items: visit(shape.items) };
  if ('values' in shape) return { values: visit(shape.values) };
  if (!('properties' in shape)) return shape;
  const members = Object.entries(shape.properties).map(([key, member]): [string, Shape] => [
    key,
    visit(member),
  ]);
  return { ...shape, properties: Object.fromEntries(members) };
}

/** Since 2.0 some types have a form for each type of service, which then is in the name: StorageServiceAuto… */
function byType(
  roots: readonly string[],
  shapes: Shapes,
  titles: ReadonlyMap<string, string>,
): SourceConfigSchema['sourceConfigs'] {
  const forms = Map.groupBy(roots, (name) => typeOf(shapes, name));
  return sorted(
    [...forms].map(([type, names]) => {
      const members = names.map((name): [string, Shape] => [
        names.length === 1 ? 'any' : serviceOf(name),
        inline(shapeOf(shapes, name), shapes, titles),
      ]);
      return [type, sorted(members)];
    }),
  );
}

function typeOf(shapes: Shapes, name: string): string {
  const shape = shapeOf(shapes, name);
  const type = typeof shape === 'object' && 'properties' in shape ? shape.properties['type'] : undefined;
  const choices = type === undefined ? undefined : inline(type, shapes, new Map());
  const [literal] = typeof choices === 'object' && 'enum' in choices ? choices.enum : [];
  if (literal === undefined) throw new Error(`${name} has no type of its own`);
  return literal;
}

function serviceOf(name: string): string {
  const [, kind] = /^([A-Z][a-z]+)Service/.exec(name) ?? [];
  if (kind === undefined) throw new Error(`${name} does not tell its type of service`);
  return `${kind.toLowerCase()}Service`;
}
