import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { DocumentKey, StoredDocument } from '../shared/documentPlace.ts';
import { stalled, type Halt } from '../shared/halt.ts';

const RECHECK = 60_000;

export function documentFull(
  client: PipelineServiceClient,
  { namespace, name }: DocumentKey,
  kind: StoredDocument['kind'],
): Halt {
  return stalled({
    type: 'Rendered',
    reason: 'ConfigMapFull',
    message: `The document does not fit into ${kind} ${namespace}/${name} (1 MiB): raise spec.configMap.shards of PipelineServiceClient ${client.metadata.name}.`,
  });
}

/** Rights that come later are noticed by looking again. */
export function secretNotWritable(client: PipelineServiceClient, { namespace, name }: DocumentKey): Halt {
  return stalled(
    {
      type: 'Rendered',
      reason: 'SecretNotWritable',
      message:
        `The operator may not write Secret ${namespace}/${name}, where documents with secrets stand. ` +
        `Bind the Role of deploy/secret-documents.yaml in namespace ${namespace}; or let Airflow's environment supply the secrets: ` +
        `openMetadata.jwtTokenEnv on PipelineServiceClient ${client.metadata.name}, and env in each entry of spec.valuesFrom.`,
    },
    RECHECK,
  );
}
