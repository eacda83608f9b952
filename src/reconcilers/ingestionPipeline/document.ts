import { isDeepStrictEqual } from 'node:util';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { documentLocation, type DocumentLocation } from '../../domain/naming.ts';
import type { DocumentKey } from '../shared/documentStore.ts';
import { stalled } from '../shared/halt.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { isInAnotherAirflow, noteFormerClient } from './formerClient.ts';
import type { Pass } from './pass.ts';
import type { Rendered } from './render.ts';

const DEFAULT_CONFIG_MAP = 'dag-generated-configs';
const DEFAULT_SHARDS = 16;

/** Writes the document to its ConfigMap, in the client's namespace. Halts with ConfigMapFull. */
export async function writeDocument(
  deps: PipelineDependencies,
  pass: Pass,
  client: PipelineServiceClient,
  rendered: Rendered,
): Promise<DocumentLocation> {
  const document = documentOf(client, pass.dagId);
  const { namespace, name, key } = document;
  const result = await deps.documents.write({ ...document, text: rendered.publicText }, pass.signal);
  if (result === 'full') {
    throw stalled({
      type: 'Rendered',
      reason: 'ConfigMapFull',
      message: `The document does not fit into ConfigMap ${namespace}/${name} (1 MiB): raise spec.configMap.shards of PipelineServiceClient ${client.metadata.name}.`,
    });
  }
  await leaveFormerPlace(deps, pass, client, document);
  pass.note({ configHash: rendered.hash, clientRef: { name: client.metadata.name, namespace } });
  pass.judge({
    type: 'Rendered',
    status: 'True',
    reason: 'Rendered',
    message: `Stands in ConfigMap ${namespace}/${name} under ${key}.`,
  });
  return { configMap: name, key };
}

/** Where the document was written last: where the status says or, before the first deploy, where it belongs. */
export function formerDocument(
  deps: Pick<PipelineDependencies, 'clients'>,
  { before, dagId }: Pass,
): DocumentKey | undefined {
  const { clientRef, configHash, deployed } = before;
  if (clientRef === undefined || configHash === undefined) {
    return undefined;
  }
  const { namespace, name } = clientRef;
  if (deployed?.configMap !== undefined && deployed.key !== undefined) {
    return { namespace, name: deployed.configMap, key: deployed.key };
  }
  const client = deps.clients.get(`${namespace}/${name}`);
  return client && documentOf(client, dagId);
}

function documentOf({ metadata, spec }: PipelineServiceClient, dagId: string): DocumentKey {
  const { name = DEFAULT_CONFIG_MAP, shards = DEFAULT_SHARDS } = spec.configMap ?? {};
  const { configMap, key } = documentLocation(dagId, name, shards);
  return { namespace: metadata.namespace, name: configMap, key };
}

/**
 * After a change of client, or of its shards' name or number, the document stands in another place; the old one goes last.
 * In an Airflow that the pipeline leaves it stays until the DAG there is removed.
 */
async function leaveFormerPlace(
  deps: PipelineDependencies,
  pass: Pass,
  client: PipelineServiceClient,
  document: DocumentKey,
): Promise<void> {
  const former = formerDocument(deps, pass);
  if (isInAnotherAirflow(deps, pass, client)) {
    noteFormerClient(pass, former, document);
    return;
  }
  if (former !== undefined && !isDeepStrictEqual(former, document)) {
    await deps.documents.remove(former, pass.signal);
  }
  const { deployed } = pass.before;
  if (deployed !== undefined) {
    pass.note({ deployed: { ...deployed, configMap: document.name, key: document.key } });
  }
}
