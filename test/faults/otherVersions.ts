import type { ClientCase } from './case.ts';

/** OpenMetadata and the plugin differ in version, in either direction. */
export const otherVersions: readonly ClientCase[] = [
  { name: 'om-older', comparison: 'older', step: -1 },
  { name: 'om-newer', comparison: 'newer', step: 1 },
].map(({ name, comparison, step }) => ({
  name,
  situation: `OpenMetadata is ${comparison} than the managed APIs`,
  async arrange(world) {
    const [major = 0, minor = 0] = world.airflow.generation.openMetadata.split('.').map(Number);
    const other = minor + step < 0 ? `${major - 1}.99.0` : `${major}.${minor + step}.0`;
    const openMetadata = await world.startOpenMetadata(other);
    return {
      spec: { metadataApiEndpoint: openMetadata.url },
      mend: async () => openMetadata.setVersion(world.airflow.generation.openMetadata),
    };
  },
  finding: {
    type: 'Compatible',
    status: 'False',
    reason: 'VersionMismatch',
    message:
      /OpenMetadata \d+\.\d+ and the managed APIs \d+\.\d+ differ.*install openmetadata-ingestion and openmetadata-managed-apis \d+\.\d+ in Airflow/,
  },
}));
