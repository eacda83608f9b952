import { SourceConfigSchema } from './shape.ts';

type Loader = () => Promise<{ readonly default: unknown }>;

/** In the order of the versions. Literal paths, so that a bundler finds them. */
const loaders: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['1.3', () => import('./schemas/1.3.json', { with: { type: 'json' } })],
  ['1.4', () => import('./schemas/1.4.json', { with: { type: 'json' } })],
  ['1.5', () => import('./schemas/1.5.json', { with: { type: 'json' } })],
  ['1.6', () => import('./schemas/1.6.json', { with: { type: 'json' } })],
  ['1.7', () => import('./schemas/1.7.json', { with: { type: 'json' } })],
  ['1.8', () => import('./schemas/1.8.json', { with: { type: 'json' } })],
  ['1.9', () => import('./schemas/1.9.json', { with: { type: 'json' } })],
  ['1.10', () => import('./schemas/1.10.json', { with: { type: 'json' } })],
  ['1.11', () => import('./schemas/1.11.json', { with: { type: 'json' } })],
  ['1.12', () => import('./schemas/1.12.json', { with: { type: 'json' } })],
  ['1.13', () => import('./schemas/1.13.json', { with: { type: 'json' } })],
  ['2.0', () => import('./schemas/2.0.json', { with: { type: 'json' } })],
]);

/** The minor versions of OpenMetadata whose source configurations are known, oldest first. */
export const knownVersions: readonly string[] = [...loaders.keys()];

export interface SchemaLibrary {
  /** Reads a schema on first use. Only for known versions. */
  load(version: string): Promise<SourceConfigSchema>;
}

export function createSchemaLibrary(): SchemaLibrary {
  const loaded = new Map<string, SourceConfigSchema>();
  return {
    async load(version) {
      const schema = loaded.get(version) ?? (await read(version));
      loaded.set(version, schema);
      return schema;
    },
  };
}

async function read(version: string): Promise<SourceConfigSchema> {
  const loader = loaders.get(version);
  if (loader === undefined) {
    throw new Error(`there is no schema for OpenMetadata ${version}`);
  }
  const module = await loader();
  return SourceConfigSchema.parse(module.default);
}
