import type { IngestionPipeline } from '../../api/ingestionPipeline.ts';

/** `namespace/name`, the form in which queues and stores know a resource. */
export function keyOf(resource: { metadata: { namespace: string; name: string } }): string {
  return keyOfReference(resource.metadata);
}

/** The same for a reference that names its namespace. */
export function keyOfReference({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}

/**
 * The client that a pipeline refers to: the one it names, else the one called `default` in its namespace, else the
 * operator's default. Undefined where there is none of these.
 */
export function clientKeyOf(
  pipeline: IngestionPipeline,
  clientExists: (key: string) => boolean,
  defaultClient: { namespace: string; name: string } | undefined,
): string | undefined {
  const { namespace } = pipeline.metadata;
  const reference = pipeline.spec.clientRef;
  if (reference !== undefined) {
    return `${reference.namespace ?? namespace}/${reference.name}`;
  }
  const inNamespace = `${namespace}/default`;
  if (clientExists(inNamespace)) {
    return inNamespace;
  }
  return defaultClient && `${defaultClient.namespace}/${defaultClient.name}`;
}
