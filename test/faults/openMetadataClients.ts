import { freePort } from '../support/freePort.ts';
import { answerAlways, answerNever } from './answers.ts';
import { type ClientCase, READY } from './case.ts';
import type { FaultWorld } from './faultWorld.ts';
import { startReverseProxy } from './reverseProxy.ts';

/** OpenMetadata unreachable, token refused. */
export const openMetadataClients: readonly ClientCase[] = [
  {
    name: 'om-refused',
    situation: 'nothing listens at metadataApiEndpoint',
    async arrange(world) {
      const port = await freePort();
      return {
        spec: { metadataApiEndpoint: `http://127.0.0.1:${port}/api` },
        mend: async () => {
          await world.keep(startReverseProxy(hostOf(world), { port }));
        },
      };
    },
    finding: unreachable(
      'ConnectionRefused',
      /refused the connection\. Check host and port of metadataApiEndpoint/,
    ),
  },
  {
    name: 'om-unknown-host',
    situation: 'the host name of metadataApiEndpoint has no address',
    arrange: () => ({ spec: { metadataApiEndpoint: 'http://openmetadata.invalid:8585/api' } }),
    finding: unreachable('DNSFailed', /host name that cannot be resolved\. Check metadataApiEndpoint/),
  },
  {
    name: 'om-silent',
    situation: 'what listens at metadataApiEndpoint never answers',
    arrange: async (world) => ({
      spec: { metadataApiEndpoint: `${(await world.keep(answerNever())).url}/api`, timeout: 5 },
    }),
    finding: unreachable('Timeout', /did not answer in time\. Check that it is healthy.*or raise timeout/),
  },
  {
    name: 'om-page',
    situation: 'a web page answers at metadataApiEndpoint',
    arrange: async (world) => ({
      spec: {
        metadataApiEndpoint: `${(await world.keep(answerAlways({ status: 200, body: '<html>' }))).url}/api`,
      },
    }),
    finding: unreachable(
      'OpenMetadataNotFound',
      /is not OpenMetadata.*metadataApiEndpoint must end in \/api/,
    ),
  },
  {
    name: 'om-airflow',
    situation: 'metadataApiEndpoint leads to Airflow',
    arrange: ({ airflow }) => ({ spec: { metadataApiEndpoint: `${airflow.url}/api` } }),
    finding: unreachable(
      'OpenMetadataNotFound',
      /is not OpenMetadata.*metadataApiEndpoint must end in \/api/,
    ),
  },
  {
    name: 'om-token',
    situation: 'OpenMetadata refuses the token',
    arrange: ({ secrets }) => ({
      spec: { openMetadata: { jwtToken: { secretRef: 'om-token', secretKey: 'token' } } },
      secret: { token: secrets.plant('refused-token') },
    }),
    finding: unreachable('TokenRejected', /refused the bot token.*Set a valid openMetadata\.jwtToken/),
  },
  {
    name: 'om-ca-unknown',
    situation: 'OpenMetadata has a certificate of our own authority, which the client does not know',
    arrange: async (world) => ({ spec: { metadataApiEndpoint: await behindTls(world) } }),
    finding: unreachable(
      'TLSUntrusted',
      /Set openMetadata\.verifySSL to validate with the right caCertificate/,
    ),
  },
  {
    name: 'om-ca-known',
    situation: 'OpenMetadata has a certificate of our own authority, and the client knows it',
    arrange: async (world) => ({
      spec: {
        metadataApiEndpoint: await behindTls(world),
        openMetadata: {
          jwtToken: { secretRef: 'credentials', secretKey: 'token' },
          verifySSL: 'validate',
          caCertificate: { secretRef: 'credentials', secretKey: 'ca.crt' },
        },
      },
    }),
    finding: READY,
  },
];

function unreachable(reason: ClientCase['finding']['reason'], message: RegExp): ClientCase['finding'] {
  return { type: 'OpenMetadataReachable', status: 'False', reason, message };
}

function hostOf({ openMetadata }: FaultWorld): string {
  return new URL(openMetadata.url).origin;
}

async function behindTls(world: FaultWorld): Promise<string> {
  const { url } = await world.keep(startReverseProxy(hostOf(world), { tls: world.tls.server }));
  return `${url}/api`;
}
