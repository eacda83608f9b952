import { isDeepStrictEqual } from 'node:util';
import type { DocumentKey } from '../shared/documentPlace.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { formerDocument } from './formerDocument.ts';
import type { Pass } from './pass.ts';

/**
 * Removes the document of the pipeline from every place where it stands in the namespace of its client. `forbidden` where
 * that takes a right to write Secrets which the operator does not have any more.
 */
export async function removeDocuments(
  deps: Pick<PipelineDependencies, 'clients' | 'documents'>,
  pass: Pass,
  namespace: string,
): Promise<'removed' | 'forbidden'> {
  const places = await deps.documents.placesOf(namespace, pass.dagId, pass.key);
  const noted = formerDocument(deps, pass);
  if (noted !== undefined && !places.some((place) => isDeepStrictEqual(place, noted))) {
    places.push(noted);
  }
  const results: ('removed' | 'forbidden')[] = [];
  for (const place of places) {
    results.push(await removeDocument(deps, pass, place));
  }
  return results.includes('forbidden') ? 'forbidden' : 'removed';
}

/** Leaves the document of another pipeline alone, which may have come to stand there. */
export async function removeDocument(
  { documents }: Pick<PipelineDependencies, 'documents'>,
  { key, signal }: Pass,
  place: DocumentKey,
): Promise<'removed' | 'forbidden'> {
  const owner = await documents.ownerAt(place);
  return owner === undefined || owner === key ? documents.remove(place, signal) : 'removed';
}
