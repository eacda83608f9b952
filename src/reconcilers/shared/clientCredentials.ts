import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { CertificateReference, SecretReference } from '../../api/secretKeyReference.ts';
import type { SecretValue } from '../../domain/secretValue.ts';
import type { SecretSource } from './secretSource.ts';

/** What a client's references resolve to. */
export interface ClientCredentials {
  readonly username: string;
  readonly password: SecretValue;
  /** The bot's token; absent where only Airflow knows it. */
  readonly token: SecretValue | undefined;
  /** PEM, as are all of the following. */
  readonly airflowCa: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: SecretValue | undefined;
  readonly openMetadataCa: string | undefined;
}

/** Reads every secret and certificate that a client refers to. Throws MissingReference and KubeError. */
export async function resolveCredentials(
  { spec, metadata: { namespace } }: PipelineServiceClient,
  source: SecretSource,
): Promise<ClientCredentials> {
  const { auth, openMetadata, sslConfig } = spec;

  function secret(reference: SecretReference, field: string): Promise<SecretValue> {
    return source.secret(namespace, { name: reference.secretRef, key: reference.secretKey }, field);
  }
  async function optionalSecret(
    reference: SecretReference | undefined,
    field: string,
  ): Promise<SecretValue | undefined> {
    return reference && (await secret(reference, field));
  }
  async function optionalCertificate(
    reference: CertificateReference | undefined,
    field: string,
  ): Promise<string | undefined> {
    return reference && (await source.certificate(namespace, reference, field));
  }

  const usernameFrom = await optionalSecret(auth.usernameFrom, 'spec.auth.usernameFrom');
  const clientCertificate = await optionalSecret(
    sslConfig?.clientCertificate,
    'spec.sslConfig.clientCertificate',
  );
  return {
    username: usernameFrom?.reveal() ?? auth.username ?? '',
    password: await secret(auth.password, 'spec.auth.password'),
    token: await optionalSecret(openMetadata.jwtToken, 'spec.openMetadata.jwtToken'),
    airflowCa: await optionalCertificate(sslConfig?.caCertificate, 'spec.sslConfig.caCertificate'),
    clientCertificate: clientCertificate?.reveal(),
    clientKey: await optionalSecret(sslConfig?.clientKey, 'spec.sslConfig.clientKey'),
    openMetadataCa: await optionalCertificate(openMetadata.caCertificate, 'spec.openMetadata.caCertificate'),
  };
}

/**
 * What the hash of a document is keyed with: the token or, where unknown, the password. Nothing where neither token nor
 * other secrets are in the document, so that a new password deploys nothing.
 */
export function hashKey(credentials: ClientCredentials, hasSecrets: boolean): SecretValue | undefined {
  return credentials.token ?? (hasSecrets ? credentials.password : undefined);
}

/** Every secret that may show in what comes back from this client's servers. */
export function secretsOf({ token, password, clientKey }: ClientCredentials): SecretValue[] {
  return [token, password, clientKey].filter((secret) => secret !== undefined);
}
