import { isDeepStrictEqual } from 'node:util';
import type { PipelineDependencies } from './dependencies.ts';
import { formerDocument } from './document.ts';
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
    results.push(await deps.documents.remove(place, pass.signal));
  }
  return results.includes('forbidden') ? 'forbidden' : 'removed';
}
