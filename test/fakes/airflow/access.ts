import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../../src/domain/clock.ts';
import { type Answer, type Call, airflowError, html, json } from './answer.ts';
import type { DagPermission } from './fakeAirflow.ts';
import type { User, World } from './world.ts';

const Credentials = z.object({ username: z.string(), password: z.string() });

export interface Access {
  /** The answer that refuses a call for want of Basic credentials or of a permission, if it is refused. */
  basic(call: Call, needed: DagPermission | undefined): Answer | undefined;
  bearer(call: Call, needed: DagPermission | undefined): Answer | undefined;
  /** POST /auth/token. */
  giveToken(body: string): Answer;
  revokeTokens(): void;
  giveCsrf(): Answer;
  csrf(call: Call): Answer | undefined;
}

export interface AccessOptions {
  readonly world: World;
  readonly clock: Clock;
  readonly tokenLifetime: number;
  readonly requireCsrf: boolean;
}

export function createAccess(options: AccessOptions): Access {
  const { world, clock } = options;
  const tokens = new Map<string, { username: string; end: number }>();
  const csrfToken = randomUUID();
  const session = `session=${randomUUID()}`;

  function basic(call: Call, needed: DagPermission | undefined): Answer | undefined {
    const encoded = /^Basic (.+)$/.exec(call.headers['authorization'] ?? '')?.[1] ?? '';
    const [username = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    const user = world.users.get(username);
    return refusal(user?.password === rest.join(':') ? user : undefined, needed);
  }

  function bearer(call: Call, needed: DagPermission | undefined): Answer | undefined {
    const given = /^Bearer (.+)$/.exec(call.headers['authorization'] ?? '')?.[1];
    const token = tokens.get(given ?? '');
    if (given !== undefined && !(token && token.end > clock())) {
      return json(403, { detail: token ? 'Token Expired' : 'Invalid JWT token' });
    }
    return refusal(token && token.end > clock() ? world.users.get(token.username) : undefined, needed);
  }

  function refusal(user: User | undefined, needed: DagPermission | undefined): Answer | undefined {
    if (!user) {
      return airflowError(
        world.profile,
        401,
        world.profile.major === 2 ? 'Unauthorized' : 'Not authenticated',
      );
    }
    return needed === undefined || user.permissions.has(needed)
      ? undefined
      : airflowError(world.profile, 403, 'Forbidden');
  }

  function giveToken(body: string): Answer {
    const given = Credentials.safeParse(JSON.parse(body));
    const username = given.data?.username ?? '';
    if (!given.success || world.users.get(username)?.password !== given.data.password) {
      return json(401, { detail: 'Invalid credentials' });
    }
    const token = randomUUID();
    tokens.set(token, { username, end: clock() + options.tokenLifetime });
    return json(201, { access_token: token });
  }

  function giveCsrf(): Answer {
    const answer = json(200, { csrf_token: csrfToken, message: 'CSRF token retrieved' });
    return { ...answer, headers: { ...answer.headers, 'set-cookie': `${session}; HttpOnly; Path=/` } };
  }

  function csrf(call: Call): Answer | undefined {
    if (!options.requireCsrf || call.method === 'GET') {
      return undefined;
    }
    if (!(call.headers['cookie'] ?? '').includes(session)) {
      return html(400, 'The CSRF session token is missing.');
    }
    return call.headers['x-csrftoken'] === csrfToken ? undefined : html(400, 'The CSRF token is missing.');
  }

  return { basic, bearer, giveToken, revokeTokens: () => tokens.clear(), giveCsrf, csrf };
}
