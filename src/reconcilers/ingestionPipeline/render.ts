import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { configHash } from '../../domain/configHash.ts';
import { configMapDocument, secretDocument } from '../../domain/configMapDocument.ts';
import { markDocument, renderDocument, type DocumentInput } from '../../domain/document.ts';
import { remarkOnEnvelope } from '../../domain/envelope.ts';
import { revealSecrets, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { PlaceholderValue } from '../../domain/placeholderValue.ts';
import type { SecretValue } from '../../domain/secretValue.ts';
import { publicServerConnection, serverConnection } from '../../domain/serverConnection.ts';
import { findDollarFault, findSpecFault } from '../../domain/validation.ts';
import type { Version } from '../../domain/version.ts';
import { hashKey, secretsOf } from '../shared/clientCredentials.ts';
import type { Connection } from '../shared/connection.ts';
import type { StoredDocument } from '../shared/documentPlace.ts';
import { stalled } from '../shared/halt.ts';
import { MissingReference } from '../shared/secretSource.ts';
import { checkSourceConfig } from './checkSourceConfig.ts';
import { dangling } from './client.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { knownVersion } from './knownVersion.ts';
import type { Pass } from './pass.ts';
import { resolveValues, type ResolvedValue } from './resolveValues.ts';

/** What takes part in no version's differences; used until the server's own is known. */
const ASSUMED_VERSION: Version = { major: 2, minor: 0 };

/** A pipeline's document in its two forms, and what identifies it. */
export interface Rendered {
  /** Of the OpenMetadata that it is for, where that is known. */
  readonly version: Version | undefined;
  /** Of the document without its mark, secrets included. */
  readonly hash: string;
  /** Of the document without its mark and without any secret. */
  readonly publicHash: string;
  /** For Airflow, secrets included. */
  readonly deployBody: string;
  /** Without any secret. */
  readonly publicText: string;
  /** What stands beside the client: what Airflow mounts where the delivery is ConfigMap, else a record without any secret. */
  readonly stored: StoredDocument;
  /** Everything secret in it, to be masked in what Airflow says about it. */
  readonly secrets: readonly SecretValue[];
}

/** Halts where the specification itself is wrong. */
export function validate(pass: Pass): void {
  const fault = findSpecFault(pass.pipeline.spec);
  if (fault !== undefined) {
    throw stalled({ type: 'Validated', ...fault });
  }
}

/** Resolves the pipeline's secrets and renders. Halts where a secret is missing or a value cannot be carried. */
export async function render(
  deps: PipelineDependencies,
  pass: Pass,
  client: PipelineServiceClient,
  connection: Connection,
): Promise<Rendered> {
  const { credentials } = connection;
  const secrets = await valuesOrHalt(deps, pass);
  const version = knownVersion(client, connection);
  const document = renderOrHalt({
    ...inputOf(pass, version),
    values: secrets,
    serverConnection: serverConnection(client.spec, {
      token: credentials.token,
      caCertificate: credentials.openMetadataCa,
    }),
  });
  const fault = isMounted(client) ? undefined : findDollarFault(document);
  if (fault !== undefined) {
    throw stalled({ type: 'Validated', ...fault });
  }
  const remark = await checkSourceConfig(deps, pass, document, version);
  const publicDocument = renderOrHalt({
    ...inputOf(pass, version),
    values: publicValues(pass),
    serverConnection: publicServerConnection(client.spec, credentials.openMetadataCa),
  });
  pass.judge({
    type: 'Validated',
    status: 'True',
    reason: 'Valid',
    message: [
      'The specification is well formed.',
      remark,
      remarkOnEnvelope(pass.pipeline.spec, version ?? ASSUMED_VERSION),
    ]
      .filter((text) => text !== '')
      .join(' '),
  });
  const hash = configHash(document, hashKey(credentials, secrets.length > 0));
  const marked = markDocument(document, pass.owner, hash);
  const publicText = configMapDocument(markDocument(publicDocument, pass.owner, hash));
  return {
    version,
    hash,
    publicHash: configHash(publicDocument, undefined),
    deployBody: JSON.stringify(revealSecrets(marked)),
    publicText,
    stored:
      isMounted(client) && needsSecrets(pass, connection)
        ? { kind: 'Secret', text: secretDocument(marked) }
        : { kind: 'ConfigMap', text: publicText },
    secrets: [...secrets.map(({ value }) => value), ...secretsOf(credentials)],
  };
}

function isMounted({ spec }: PipelineServiceClient): boolean {
  return spec.delivery === 'ConfigMap';
}

/** Whether Airflow's environment does not supply everything secret in the document. */
function needsSecrets({ pipeline }: Pass, { credentials }: Connection): boolean {
  return (
    credentials.token !== undefined || (pipeline.spec.valuesFrom ?? []).some(({ env }) => env === undefined)
  );
}

type CommonInput = Omit<DocumentInput, 'values' | 'serverConnection'>;

function inputOf({ pipeline, owner, name }: Pass, version: Version | undefined): CommonInput {
  return {
    owner,
    name,
    spec: pipeline.spec,
    openMetadataVersion: version ?? ASSUMED_VERSION,
    createdAt: Date.parse(pipeline.metadata.creationTimestamp),
  };
}

function renderOrHalt(input: DocumentInput): JsonObject {
  const result = renderDocument(input);
  if (!result.ok) {
    throw stalled({
      type: 'Validated',
      reason: 'InvalidSpec',
      message: `spec.valuesFrom: the path ${result.targetPath} leads through a value of sourceConfig that is neither object nor list item. Correct targetPath or sourceConfig.`,
    });
  }
  return result.document;
}

async function valuesOrHalt(deps: PipelineDependencies, pass: Pass): Promise<ResolvedValue[]> {
  try {
    return await resolveValues(deps, pass);
  } catch (error) {
    throw error instanceof MissingReference
      ? dangling(pass, { reason: error.kind, message: error.message })
      : error;
  }
}

/** What stands in the ConfigMap for each secret value: its placeholder, or nothing. */
function publicValues({ pipeline }: Pass): { targetPath: string; value: JsonValue }[] {
  return (pipeline.spec.valuesFrom ?? []).flatMap(({ targetPath, env }) =>
    env === undefined ? [] : [{ targetPath, value: new PlaceholderValue(env) }],
  );
}
