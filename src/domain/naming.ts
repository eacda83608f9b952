import { createHash } from 'node:crypto';

/** The plugin's own rule: what it does to a pipeline name to get the DAG's id. */
export function cleanDagId(name: string): string {
  return name.replaceAll(/[^0-9a-zA-Z_-]+/g, '_');
}

/**
 * The pipeline's name in OpenMetadata. The default cannot collide: neither a namespace nor a resource name
 * may hold an underscore.
 */
export function pipelineName(resource: {
  namespace: string;
  name: string;
  specName?: string | undefined;
}): string {
  return resource.specName ?? `${resource.namespace}_${resource.name}`;
}

/** OpenMetadata puts a part of a fully qualified name in quotes when it holds a dot or a quote. */
export function quoteName(part: string): string {
  return /[."]/.test(part) ? `"${part.replaceAll('"', String.raw`\"`)}"` : part;
}

/** What a pipeline belongs to, as its spec names it. */
export interface ServiceName {
  readonly type: string;
  readonly name: string;
}

/** The name of a basic test suite is a fully qualified name by itself: that of its table, with `.testSuite` at the end. */
export function serviceFullyQualifiedName({ type, name }: ServiceName): string {
  return type === 'testSuite' ? name : quoteName(name);
}

export function fullyQualifiedName(service: ServiceName, name: string): string {
  return `${serviceFullyQualifiedName(service)}.${quoteName(name)}`;
}

/** Name of the ConfigMap shard and of the key in it that hold a DAG's document. */
export interface DocumentLocation {
  readonly configMap: string;
  readonly key: string;
}

export function documentLocation(dagId: string, configMapName: string, shards: number): DocumentLocation {
  const hash = createHash('sha256').update(dagId).digest().readUInt32BE(0);
  const configMap = shardName(configMapName, hash % shards);
  return { configMap, key: documentKey(configMap.slice(-2), dagId) };
}

/** The shard carries its number so that all of them can be mounted into one directory. */
export function documentKey(shard: string, dagId: string): string {
  return `${shard}-${dagId}.json`;
}

export function shardName(configMapName: string, index: number): string {
  return `${configMapName}-${String(index).padStart(2, '0')}`;
}

/** The two digits at the end of a shard's name. */
export function shardOf(configMap: string): string | undefined {
  return /-(\d{2})$/.exec(configMap)?.[1];
}
