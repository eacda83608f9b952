import { toKubernetesTime, findCondition, type Verdict } from '../../domain/conditions.ts';
import { isJsonObject, type JsonValue } from '../../domain/json.ts';
import { registrationOf, type Registration, type RegistrationReferences } from '../../domain/registration.ts';
import { decideRegistration } from '../../domain/registrationDecision.ts';
import type { Version } from '../../domain/version.ts';
import { OpenMetadataError } from '../../openmetadata/openMetadata.ts';
import { isTemporary, reasonOfOpenMetadata } from '../shared/openMetadataReason.ts';
import { keyOf } from '../shared/references.ts';
import type { Deployment } from './deployment.ts';
import { resolveReferences } from './entityReferences.ts';
import { isLookRequested } from './requests.ts';

/** Of the time between two passes that nothing else caused: below it no entity is looked at twice. */
const SHARE_OF_RESYNC = 0.9;

/**
 * Shows the pipeline in OpenMetadata where its client asks for that. Comes after the deploy, so that no entity stands for
 * a DAG of somebody else: OpenMetadata deletes a DAG with its entity. Never in the way of ingestion: what goes wrong
 * stands on the condition Registered.
 */
export async function register(deployment: Deployment): Promise<void> {
  const { deps, pass, client, connection, rendered } = deployment;
  const version = connection.findings.openMetadataVersion;
  if (client.spec.openMetadata.register !== true || version === undefined) {
    return;
  }
  const subject = `${pass.generation} ${rendered.hash}`;
  const age = deps.settings.resync * SHARE_OF_RESYNC;
  if (!isLookRequested(pass) && !connection.entityLooks.isDue(pass.key, subject, deps.clock(), age)) {
    return;
  }
  try {
    judge(deployment, await bringAbout(deployment, version));
  } catch (error) {
    if (!(error instanceof OpenMetadataError)) {
      throw error;
    }
    judge(deployment, verdictOf(error));
    if (isTemporary(error)) {
      deps.reportFault(keyOf(client));
      return;
    }
  }
  connection.entityLooks.note(pass.key, subject, deps.clock());
}

async function bringAbout(deployment: Deployment, version: Version): Promise<Verdict> {
  const { deps, pass, connection } = deployment;
  const { openMetadata } = connection;
  const { pipelineFQN: fullyQualifiedName = '', registered: known } = pass.noted();
  const references = await resolveReferences(openMetadata, pass);
  if (references === undefined) {
    return serviceNotFound(pass.pipeline.spec.service);
  }
  const { request, hash } = toRegistration(deployment, references, version);
  const entity = await openMetadata.pipelines.find(fullyQualifiedName, pass.signal);
  const { owner } = pass;
  const adopt = pass.pipeline.spec.adopt === true;
  const decision = decideRegistration({ owner, hash, known, adopt, entity });
  if (decision === 'leave') {
    return entityExists(fullyQualifiedName);
  }
  if (decision === 'put') {
    const { id, version: revision } = await openMetadata.pipelines.put(request, pass.signal);
    const time = toKubernetesTime(deps.clock());
    pass.note({ registered: { fullyQualifiedName, id, hash, version: revision, time } });
  }
  return registered(fullyQualifiedName, references.missing);
}

function toRegistration(
  { pass, rendered }: Deployment,
  references: RegistrationReferences,
  version: Version,
): Registration {
  const parsed: JsonValue = JSON.parse(rendered.publicText);
  const publicDocument = isJsonObject(parsed) ? parsed : {};
  const { owner, name, pipeline } = pass;
  return registrationOf({ owner, name, spec: pipeline.spec, publicDocument, references, version });
}

/** Also tells of a fault once when it begins: a pass that converges has no other voice. */
function judge({ pass }: Deployment, verdict: Verdict): void {
  const before = findCondition(pass.before.conditions ?? [], 'Registered');
  pass.judge({ ...verdict, type: 'Registered' });
  if (verdict.status === 'False' && before?.reason !== verdict.reason) {
    pass.announce('Warning', verdict.reason, verdict.message);
  }
}

function verdictOf(error: OpenMetadataError): Verdict {
  const status = isTemporary(error) ? 'Unknown' : 'False';
  return { type: 'Registered', status, reason: reasonOfOpenMetadata(error), message: error.message };
}

function registered(fullyQualifiedName: string, missing: readonly string[]): Verdict {
  const remark =
    missing.length === 0 ? '' : ` Left out, because OpenMetadata does not have them: ${missing.join(', ')}.`;
  return {
    type: 'Registered',
    status: 'True',
    reason: 'Registered',
    message: `OpenMetadata shows the pipeline as ${fullyQualifiedName}.${remark}`,
  };
}

function entityExists(fullyQualifiedName: string): Verdict {
  return {
    type: 'Registered',
    status: 'False',
    reason: 'EntityExists',
    message: `OpenMetadata has an ingestion pipeline ${fullyQualifiedName} that the operator did not make: set spec.adopt to true to take it over, delete it there, or create this pipeline anew with another spec.name.`,
  };
}

function serviceNotFound({ type, name }: { readonly type: string; readonly name: string }): Verdict {
  return {
    type: 'Registered',
    status: 'False',
    reason: 'ServiceNotFound',
    message: `OpenMetadata has no ${type} named "${name}": create the service there, or correct spec.service.`,
  };
}
