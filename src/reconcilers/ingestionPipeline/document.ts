import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { documentLocation, type DocumentLocation } from '../../domain/naming.ts';
import { stalled } from '../shared/halt.ts';
import type { PipelineDependencies } from './dependencies.ts';
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
  const { namespace } = client.metadata;
  const { name = DEFAULT_CONFIG_MAP, shards = DEFAULT_SHARDS } = client.spec.configMap ?? {};
  const location = documentLocation(pass.dagId, name, shards);
  const target = { namespace, name: location.configMap, key: location.key };
  const result = await deps.documents.write({ ...target, text: rendered.publicText }, pass.signal);
  if (result === 'full') {
    throw stalled({
      type: 'Rendered',
      reason: 'ConfigMapFull',
      message: `The document does not fit into ConfigMap ${namespace}/${location.configMap} (1 MiB): raise spec.configMap.shards of PipelineServiceClient ${client.metadata.name}.`,
    });
  }
  await removeFormerDocument(deps, pass, namespace, location);
  pass.note({ configHash: rendered.hash });
  pass.judge({
    type: 'Rendered',
    status: 'True',
    reason: 'Rendered',
    message: `Stands in ConfigMap ${namespace}/${location.configMap} under ${location.key}.`,
  });
  return location;
}

/** After a change of client, or of its shards' name or number, the document stands in another place; the old one goes last. */
async function removeFormerDocument(
  deps: PipelineDependencies,
  pass: Pass,
  namespace: string,
  location: DocumentLocation,
): Promise<void> {
  const { deployed, clientRef } = pass.before;
  const former = {
    namespace: clientRef?.namespace ?? namespace,
    name: deployed?.configMap,
    key: deployed?.key,
  };
  if (deployed === undefined || former.name === undefined || former.key === undefined) {
    return;
  }
  if (former.namespace !== namespace || former.name !== location.configMap || former.key !== location.key) {
    await deps.documents.remove(
      { namespace: former.namespace, name: former.name, key: former.key },
      pass.signal,
    );
    pass.note({ deployed: { ...deployed, ...location } });
  }
}
