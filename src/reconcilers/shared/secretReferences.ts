import type { IngestionPipeline } from '../../api/ingestionPipeline.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';

/** Keys (`namespace/name`) of the Secrets that a pipeline refers to itself. */
export function secretsOfPipeline({ metadata, spec }: IngestionPipeline): string[] {
  return (spec.valuesFrom ?? []).map(({ secretKeyRef }) => `${metadata.namespace}/${secretKeyRef.name}`);
}

/** Keys of the Secrets that a client refers to. */
export function secretsOfClient({ metadata, spec }: PipelineServiceClient): string[] {
  const { auth, openMetadata, sslConfig } = spec;
  const names = [
    auth.usernameFrom?.secretRef,
    auth.password.secretRef,
    openMetadata.jwtToken?.secretRef,
    openMetadata.caCertificate?.secretRef,
    sslConfig?.caCertificate?.secretRef,
    sslConfig?.clientCertificate?.secretRef,
    sslConfig?.clientKey?.secretRef,
  ];
  return names.filter((name) => name !== undefined).map((name) => `${metadata.namespace}/${name}`);
}
