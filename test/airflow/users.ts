import { z } from 'zod';
import type { Generation } from './generations.ts';
import { basicAuthorization, type Credentials, type HttpHeaders, postJson } from './http.ts';

const Token = z.object({ access_token: z.string() });

/** Adds a user with one of Airflow's roles, such as `Viewer`, by the REST API (the command takes ten times as long). */
export async function createUser(
  generation: Generation,
  url: string,
  administrator: Credentials,
  user: Credentials & { readonly role: string },
): Promise<void> {
  const path = generation.major === 2 ? '/api/v1/users' : '/auth/fab/v1/users';
  const headers = await authorize(generation, url, administrator);
  const { username, password, role } = user;
  const names = { first_name: username, last_name: username, email: `${username}@example.org` };
  await postJson(`${url}${path}`, { username, password, roles: [{ name: role }], ...names }, headers);
}

async function authorize(
  generation: Generation,
  url: string,
  credentials: Credentials,
): Promise<HttpHeaders> {
  if (generation.major === 2) return { authorization: basicAuthorization(credentials) };
  const { access_token: token } = Token.parse(await postJson(`${url}/auth/token`, credentials));
  return { authorization: `Bearer ${token}` };
}
