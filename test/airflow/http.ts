/** A web server that has only begun to start may accept a connection and then say nothing. */
const TIMEOUT_MS = 30_000;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export type HttpHeaders = Readonly<Record<string, string>>;

export function basicAuthorization({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

export async function getJson(url: string, headers: HttpHeaders = {}): Promise<unknown> {
  return readJson(url, await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) }));
}

export async function postJson(url: string, body: unknown, headers: HttpHeaders = {}): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return readJson(url, response);
}

async function readJson(url: string, response: Response): Promise<unknown> {
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${body.slice(0, 1_000)}`);
  return JSON.parse(body);
}
