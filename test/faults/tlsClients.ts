import { answerAlways } from './answers.ts';
import { type ClientCase, type ClientSetting, READY } from './case.ts';
import { type FaultWorld, namespace } from './faultWorld.ts';
import { startReverseProxy } from './reverseProxy.ts';
import type { TlsIdentity } from './tlsFiles.ts';

const untrusted = {
  type: 'Reachable',
  status: 'False',
  reason: 'TLSUntrusted',
  message: /certificate is not trusted.*Set verifySSL to validate with the right sslConfig\.caCertificate/,
} as const;

const caCertificate = { secretRef: 'credentials', secretKey: 'ca.crt' };

/** TLS in front of Airflow: not trusted, or the wrong scheme. */
export const tlsClients: readonly ClientCase[] = [
  {
    name: 'ca-from-secret',
    situation: 'Airflow has a certificate of our own authority, and the client knows it from a Secret',
    arrange: (world) => trusting(world, world.tls.server),
    finding: READY,
  },
  {
    name: 'ca-from-configmap',
    situation: 'Airflow has a certificate of our own authority, and the client knows it from a ConfigMap',
    async arrange(world) {
      const sslConfig = { caCertificate: { configMapRef: 'company-ca', configMapKey: 'ca.crt' } };
      const apiEndpoint = await behindTls(world, world.tls.server);
      const data = { 'ca.crt': world.tls.authority };
      return {
        spec: { apiEndpoint, verifySSL: 'validate', sslConfig },
        objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'company-ca' }, data }],
      };
    },
    finding: READY,
  },
  {
    name: 'ca-unknown',
    situation: 'Airflow has a certificate of our own authority, which the client does not know',
    arrange: async (world) => ({
      spec: { apiEndpoint: await behindTls(world, world.tls.server), verifySSL: 'validate' },
    }),
    finding: untrusted,
  },
  {
    name: 'ca-ignored',
    situation: 'Airflow has a certificate of our own authority, and the client ignores whose it is',
    arrange: async (world) => ({
      spec: { apiEndpoint: await behindTls(world, world.tls.server), verifySSL: 'ignore' },
    }),
    finding: READY,
  },
  {
    name: 'ca-not-used',
    situation: 'Airflow has a certificate of our own authority, and no-ssl sets the given one aside',
    arrange: async (world) => ({
      spec: {
        apiEndpoint: await behindTls(world, world.tls.server),
        verifySSL: 'no-ssl',
        sslConfig: { caCertificate },
      },
    }),
    finding: untrusted,
  },
  {
    name: 'other-host',
    situation: 'the certificate of Airflow is for another host',
    arrange: (world) => trusting(world, world.tls.elsewhere),
    finding: { ...untrusted, message: /certificate is not trusted, has expired or is for another host/ },
  },
  {
    name: 'mutual',
    situation: 'Airflow asks for a client certificate, and the client has one',
    async arrange(world) {
      const apiEndpoint = await behindTls(world, world.tls.server, true);
      const clientCertificate = { secretRef: 'credentials', secretKey: 'tls.crt' };
      const clientKey = { secretRef: 'credentials', secretKey: 'tls.key' };
      const sslConfig = { caCertificate, clientCertificate, clientKey };
      return { spec: { apiEndpoint, verifySSL: 'validate', sslConfig } };
    },
    finding: READY,
  },
  {
    name: 'mutual-missing',
    situation: 'Airflow asks for a client certificate, and the client has none',
    arrange: (world) => trusting(world, world.tls.server, true),
    finding: { ...untrusted, message: /and client certificate, if Airflow asks for one/ },
  },
  {
    name: 'http-to-tls',
    situation: 'apiEndpoint begins with http:// and the port, which speaks TLS, ends the connection',
    arrange: async (world) => ({
      spec: { apiEndpoint: (await behindTls(world, world.tls.server)).replace('https:', 'http:') },
    }),
    finding: {
      type: 'Reachable',
      status: 'False',
      reason: 'Timeout',
      message: /ended before its answer.*or let apiEndpoint begin with https:\/\/ where the port speaks TLS/,
    },
  },
  {
    name: 'http-to-nginx',
    situation: 'apiEndpoint begins with http:// and the port, which speaks TLS, says so as nginx does',
    arrange: async (world) => ({ spec: { apiEndpoint: (await world.keep(answerAlways(nginxRefusal))).url } }),
    finding: {
      type: 'Reachable',
      status: 'False',
      reason: 'TLSMismatch',
      message: /its port wants TLS\. Let apiEndpoint begin with https:\/\//,
    },
  },
  {
    name: 'https-to-plain',
    situation: 'apiEndpoint begins with https:// and the port speaks plain HTTP',
    arrange: async (world) => ({
      spec: {
        apiEndpoint: (await world.keep(startReverseProxy(world.airflow.url))).url.replace('http:', 'https:'),
      },
    }),
    finding: {
      type: 'Reachable',
      status: 'False',
      reason: 'TLSMismatch',
      message: /Check whether it should begin with http:\/\/ or https:\/\//,
    },
  },
  {
    name: 'https-to-gunicorn',
    situation:
      'apiEndpoint begins with https:// and the web server of Airflow 2 waits for the rest of a request',
    arrange: ({ airflow }) => ({
      spec: { apiEndpoint: airflow.url.replace('http:', 'https:'), timeout: 2 },
    }),
    finding: {
      type: 'Reachable',
      status: 'False',
      reason: 'Timeout',
      message: /took the connection but no TLS handshake: perhaps apiEndpoint should begin with http:\/\//,
    },
  },
];

const nginxRefusal = {
  status: 400,
  body: '<center>The plain HTTP request was sent to HTTPS port</center>',
};

async function behindTls(world: FaultWorld, identity: TlsIdentity, asksBack = false): Promise<string> {
  const mutual = { requestCert: true, rejectUnauthorized: true, ca: world.tls.authority };
  const tls = { ...identity, ...(asksBack && mutual) };
  return (await world.keep(startReverseProxy(world.airflow.url, { tls }))).url;
}

async function trusting(world: FaultWorld, identity: TlsIdentity, asksBack = false): Promise<ClientSetting> {
  const apiEndpoint = await behindTls(world, identity, asksBack);
  return { spec: { apiEndpoint, verifySSL: 'validate', sslConfig: { caCertificate } } };
}
