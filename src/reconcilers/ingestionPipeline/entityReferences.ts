import type { JsonObject } from '../../domain/json.ts';
import type { RegistrationReferences } from '../../domain/registration.ts';
import type { OpenMetadata } from '../../openmetadata/openMetadata.ts';
import type { Pass } from './pass.ts';

export interface FoundReferences extends RegistrationReferences {
  /** What the specification names and OpenMetadata does not have, as `user jane`. */
  readonly missing: readonly string[];
}

/** The ids of everything that the entity refers to; undefined where there is no such service. Throws OpenMetadataError. */
export async function resolveReferences(
  openMetadata: OpenMetadata,
  { pipeline, signal }: Pass,
): Promise<FoundReferences | undefined> {
  const { service, owners: wanted = [], domains: wantedDomains = [] } = pipeline.spec;
  const found = await openMetadata.findService(service.type, service.name, signal);
  if (found === undefined) {
    return undefined;
  }
  const owners: JsonObject[] = [];
  const domains: string[] = [];
  const missing: string[] = [];
  for (const { type, name } of wanted) {
    const id = await openMetadata.findId(type, name, signal);
    if (id === undefined) {
      missing.push(`${type} ${name}`);
    } else {
      owners.push({ id, type });
    }
  }
  for (const name of wantedDomains) {
    const isThere = (await openMetadata.findId('domain', name, signal)) !== undefined;
    (isThere ? domains : missing).push(isThere ? name : `domain ${name}`);
  }
  return { service: { id: found.id, type: service.type }, owners, domains, missing };
}
