import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Certificates } from './certificates.ts';

interface AdminAnswer {
  readonly status: number;
  readonly body: string;
}

/** Reads from the API server as its administrator. */
export interface AdminClient {
  get(path: string): Promise<AdminAnswer>;
  close(): void;
}

export function adminClient(url: string, certificates: Certificates): AdminClient {
  const agent = new Agent({
    ca: readFileSync(certificates.authority.certificate),
    cert: readFileSync(certificates.admin.certificate),
    key: readFileSync(certificates.admin.key),
  });
  return {
    get: (path) => get(agent, new URL(path, url)),
    close: () => agent.destroy(),
  };
}

function get(agent: Agent, url: URL): Promise<AdminAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, timeout: 5_000 }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer from ${url.href} within 5 s`)));
    sent.on('error', reject);
    sent.end();
  });
}
