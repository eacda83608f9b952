import type { PipelineServiceClientSpec } from '../api/pipelineServiceClient.ts';
import type { JsonObject } from './json.ts';
import { PlaceholderValue } from './placeholderValue.ts';
import type { SecretValue } from './secretValue.ts';

/** Where Airflow finds the token when neither the document nor the client says: what the chart's snippet sets. */
const DEFAULT_TOKEN_VARIABLE = 'OPENMETADATA_JWT_TOKEN';

export interface ServerSecrets {
  /** The bot's token, where the operator knows it. */
  readonly token: SecretValue | undefined;
  /** PEM of the authorities that signed OpenMetadata's certificate. */
  readonly caCertificate: string | undefined;
}

/** The part of a document that tells a run how to reach the OpenMetadata server. */
export function serverConnection(spec: PipelineServiceClientSpec, secrets: ServerSecrets): JsonObject {
  const { openMetadata } = spec;
  return {
    type: 'OpenMetadata',
    clusterName: openMetadata.clusterName ?? 'openmetadata',
    hostPort: spec.metadataApiEndpoint.replace(/\/+$/, ''),
    authProvider: openMetadata.authProvider ?? 'openmetadata',
    securityConfig: {
      jwtToken: secrets.token ?? new PlaceholderValue(openMetadata.jwtTokenEnv ?? DEFAULT_TOKEN_VARIABLE),
    },
    verifySSL: openMetadata.verifySSL ?? 'no-ssl',
    sslConfig: secrets.caCertificate === undefined ? undefined : { caCertificate: secrets.caCertificate },
    secretsManagerProvider: openMetadata.secretsManagerProvider ?? 'db',
    secretsManagerLoader: openMetadata.secretsManagerLoader ?? 'noop',
  };
}

/** The same for a ConfigMap, where no token may stand. */
export function publicServerConnection(
  spec: PipelineServiceClientSpec,
  caCertificate: string | undefined,
): JsonObject {
  return serverConnection(spec, { token: undefined, caCertificate });
}
