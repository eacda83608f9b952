import { z } from 'zod';
import { serviceFullyQualifiedName } from '../domain/naming.ts';
import type { SecretValue } from '../domain/secretValue.ts';
import { createHttpClient, type HttpAnswer } from '../http/httpClient.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { parseJson } from '../http/parseJson.ts';
import type { TlsSettings } from '../http/tls.ts';
import { classifyAnswer, openMetadataFailure } from './failure.ts';
import { type OpenMetadata, OpenMetadataError, type ServiceReference } from './openMetadata.ts';
import { servicePath } from './serviceTypes.ts';

export interface OpenMetadataOptions {
  /** Ends in `/api`. */
  readonly baseUrl: string;
  /** Absent where the operator does not know it: then only `version` can be asked. */
  readonly token: SecretValue | undefined;
  readonly tls: TlsSettings;
  readonly timeoutMilliseconds: number;
}

const Version = z.object({ version: z.string() });
const Service = z.object({ id: z.string(), name: z.string(), fullyQualifiedName: z.string() });
/** How the server reports errors; a 404 of anything else means that it is not OpenMetadata. */
const ServerError = z.object({ code: z.number(), message: z.string() });

/** Opens the door to one OpenMetadata server. Makes no call by itself. */
export function createOpenMetadata(options: OpenMetadataOptions): OpenMetadata {
  const { token, timeoutMilliseconds } = options;
  const address = withoutCredentials(options.baseUrl);
  const client = createHttpClient({ tls: options.tls, maxSockets: 4 });
  const authorization = token && { Authorization: `Bearer ${token.reveal()}` };

  async function get(path: string, signal: AbortSignal): Promise<HttpAnswer> {
    const headers = { Accept: 'application/json', ...authorization };
    try {
      return await client.send(
        { method: 'GET', url: `${address}/v1/${path}`, headers, readOnly: true, timeoutMilliseconds },
        signal,
      );
    } catch (error) {
      throw error instanceof HttpFailure ? openMetadataFailure(error, address) : error;
    }
  }

  function read<T>(schema: z.ZodType<T>, answer: HttpAnswer): T {
    const parsed = schema.safeParse(answer.status === 200 ? parseJson(answer.body) : undefined);
    if (!parsed.success) {
      throw classifyAnswer(answer, address);
    }
    return parsed.data;
  }

  async function findService(
    type: string,
    name: string,
    signal: AbortSignal,
  ): Promise<ServiceReference | undefined> {
    const path = servicePath(type);
    if (path === undefined) {
      throw new OpenMetadataError('unknownServiceType', `There is no service type ${type} in OpenMetadata.`);
    }
    const answer = await get(
      `${path}/name/${encodeURIComponent(serviceFullyQualifiedName({ type, name }))}`,
      signal,
    );
    const absent = answer.status === 404 && ServerError.safeParse(parseJson(answer.body)).success;
    return absent ? undefined : read(Service, answer);
  }

  return {
    async version(signal) {
      return read(Version, await get('system/version', signal)).version;
    },
    findService,
    close: () => client.close(),
  };
}

function withoutCredentials(baseUrl: string): string {
  const url = new URL(baseUrl);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
