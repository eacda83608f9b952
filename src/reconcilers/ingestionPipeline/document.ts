import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { shardOfLoader } from '../../domain/loaderFile.ts';
import type { DocumentLocation } from '../../domain/naming.ts';
import { placeOf } from '../shared/clientShards.ts';
import type { DocumentKey, StoredDocument } from '../shared/documentPlace.ts';
import { keyOf } from '../shared/references.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { documentFull, secretNotWritable } from './documentFaults.ts';
import { formerDocument } from './formerDocument.ts';
import { isInAnotherAirflow, noteFormerClient } from './formerClient.ts';
import { formerPlaces, leave } from './formerPlaces.ts';
import type { Pass } from './pass.ts';
import { removeDocument } from './removeDocuments.ts';
import type { Rendered } from './render.ts';
import { holderOf } from './sharedPlace.ts';

/** A document that stands where it belongs, and where else it stands for the time being. */
export interface WrittenDocument {
  readonly location: DocumentLocation;
  readonly kind: StoredDocument['kind'];
  /** Where Airflow may still read it, after a change of the shards' name or number. Kept up to date until that is over. */
  readonly former: readonly DocumentKey[];
  /** It was not written, because a loader reads what stands there for want of a posted document. */
  readonly isHeld?: true;
}

/**
 * Writes the document to its ConfigMap or Secret, in the client's namespace, and to where Airflow may still read it. Halts
 * with ConfigMapFull and SecretNotWritable.
 */
export async function writeDocument(
  deps: PipelineDependencies,
  pass: Pass,
  client: PipelineServiceClient,
  rendered: Rendered,
): Promise<WrittenDocument> {
  const place = placeOf(client, pass.dagId);
  const { stored } = rendered;
  const { namespace, name, key } = place;
  const location = { configMap: name, key };
  if (isReadForWantOfAnother(deps, pass, client)) {
    pass.note({ configHash: rendered.hash });
    return { location, kind: stored.kind, former: [], isHeld: true };
  }
  const holder = holderOf(deps, pass, client, place);
  if (holder === undefined) {
    await put(deps, pass, client, place, stored);
  }
  const former = await leaveOrKeep(deps, pass, client, place, stored);
  pass.note({ configHash: rendered.hash, clientRef: { name: client.metadata.name, namespace } });
  pass.judge({
    type: 'Rendered',
    status: 'True',
    reason: 'Rendered',
    message:
      holder === undefined
        ? `Stands in ${stored.kind} ${namespace}/${name} under ${key}.`
        : `Is not kept: its place in ConfigMap ${namespace}/${name} is that of IngestionPipeline ${holder.namespace}/${holder.name}, which uses another client.`,
  });
  return { location, kind: stored.kind, former };
}

/**
 * Whether a loader makes the DAG of a client that has documents posted: it stands by, or the delivery was ConfigMap until now.
 * What it reads, secrets included, stays as it is until the posted document has come in.
 */
function isReadForWantOfAnother(
  deps: PipelineDependencies,
  pass: Pass,
  client: PipelineServiceClient,
): boolean {
  const dag = deps.connections.get(keyOf(client))?.poller.view(pass.dagId)?.dag;
  return (
    client.spec.delivery !== 'ConfigMap' &&
    pass.before.clientRef !== undefined &&
    !isInAnotherAirflow(deps, pass, client) &&
    dag?.isActive === true &&
    shardOfLoader(dag.fileLocation) !== undefined
  );
}

async function put(
  deps: PipelineDependencies,
  pass: Pass,
  client: PipelineServiceClient,
  place: DocumentKey,
  stored: StoredDocument,
): Promise<void> {
  const result = await deps.documents.write(place, stored, pass.signal);
  switch (result) {
    case 'full':
      throw documentFull(client, place, stored.kind);
    case 'forbidden':
      throw secretNotWritable(client, place);
    case 'written':
    case 'unchanged':
      return;
    default:
      return result satisfies never;
  }
}

/**
 * After a change of the shards' name or number Airflow mounts the old places until it is started anew, and the document stays
 * there, too; where nothing is mounted, the old places go at once. In an Airflow that the pipeline leaves, its document stays
 * until the DAG there is removed.
 */
async function leaveOrKeep(
  deps: PipelineDependencies,
  pass: Pass,
  client: PipelineServiceClient,
  place: DocumentKey,
  stored: StoredDocument,
): Promise<readonly DocumentKey[]> {
  const last = formerDocument(deps, pass);
  if (isInAnotherAirflow(deps, pass, client)) {
    noteFormerClient(pass, last, place);
  } else if (last !== undefined && last.namespace !== place.namespace) {
    await removeDocument(deps, pass, last);
  }
  const former = await formerPlaces(deps, pass, place);
  if (client.spec.delivery !== 'ConfigMap') {
    await leave(deps, pass, { location: { configMap: place.name, key: place.key }, former });
    return [];
  }
  for (const each of former) {
    await deps.documents.write(each, stored, pass.signal);
  }
  return former;
}
