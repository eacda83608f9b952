import { mkdirSync } from 'node:fs';
import { addShop } from '../harness/shopDatabase.ts';
import type { Resources } from '../harness/resources.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../openmetadata/standIn.ts';

export interface OpenMetadataOptions {
  readonly namespace: string;
  readonly version: string;
  readonly token: string;
  /** This machine, as pods see it. */
  readonly hostAddress: string;
  /** Where the database of the service `shop` is made. */
  readonly data: string;
}

const PORT = 8585;

/** A stand-in on this machine that pods of the namespace reach as they would reach the chart `openmetadata`. */
export async function startOpenMetadataService(
  resources: Resources,
  { namespace, version, token, hostAddress, data }: OpenMetadataOptions,
): Promise<OpenMetadataStandIn> {
  const openMetadata = await startOpenMetadata({ version, token, address: hostAddress });
  mkdirSync(data, { recursive: true });
  addShop(openMetadata, data);
  const metadata = { name: 'openmetadata', namespace };
  const labels = { 'kubernetes.io/service-name': metadata.name };
  await resources.apply(
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ name: 'http', port: PORT }] } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...metadata, labels },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: Number(new URL(openMetadata.url).port) }],
      endpoints: [{ addresses: [hostAddress], conditions: { ready: true } }],
    },
  );
  return openMetadata;
}
