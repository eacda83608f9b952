import type { AgentOptions } from 'node:https';
import type { SecretValue } from '../domain/secretValue.ts';

/**
 * How to trust and to be trusted. `verify` has OpenMetadata's values: `validate` trusts the given CA (else the system's),
 * `ignore` trusts anyone, `no-ssl` asks for nothing, so that an `https` address is still checked against the system's CAs.
 */
export interface TlsSettings {
  readonly verify: 'no-ssl' | 'ignore' | 'validate';
  /** PEM. */
  readonly ca?: string | undefined;
  /** PEM, for mutual TLS; needs `key`. */
  readonly certificate?: string | undefined;
  readonly key?: SecretValue | undefined;
}

export function tlsAgentOptions(tls: TlsSettings): AgentOptions {
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: tls.verify !== 'ignore',
    ...(tls.verify === 'validate' && tls.ca !== undefined && { ca: tls.ca }),
    ...(tls.certificate !== undefined &&
      tls.key !== undefined && { cert: tls.certificate, key: tls.key.reveal() }),
  };
}
