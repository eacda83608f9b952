import { placeOf } from '../shared/clientShards.ts';
import type { DocumentKey } from '../shared/documentPlace.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';

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
  return client && placeOf(client, dagId);
}
