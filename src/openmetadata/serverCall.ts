import { z } from 'zod';
import type { JsonValue } from '../domain/json.ts';
import type { SecretValue } from '../domain/secretValue.ts';
import { createHttpClient, type HttpAnswer } from '../http/httpClient.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { parseJson } from '../http/parseJson.ts';
import type { TlsSettings } from '../http/tls.ts';
import { classifyAnswer, openMetadataFailure } from './failure.ts';

export interface OpenMetadataOptions {
  /** Ends in `/api`. */
  readonly baseUrl: string;
  /** Absent where the operator does not know it: then only the version can be asked. */
  readonly token: SecretValue | undefined;
  readonly tls: TlsSettings;
  readonly timeoutMilliseconds: number;
}

export interface Call {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v1`, encoded. */
  readonly path: string;
  readonly body?: JsonValue;
}

/** The way to one OpenMetadata server, for all that is asked of it. */
export interface ServerCall {
  /** As people may see it, without credentials. */
  readonly address: string;
  /** Throws {@link OpenMetadataError} where there is no answer. */
  send(call: Call, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

/** How the server reports errors; a 404 of anything else means that it is not OpenMetadata. */
const ServerError = z.object({ code: z.number(), message: z.string() });

const JSON_PATCH = 'application/json-patch+json';

/** Makes no call by itself. */
export function createServerCall(options: OpenMetadataOptions): ServerCall {
  const { token, timeoutMilliseconds } = options;
  const address = withoutCredentials(options.baseUrl);
  const client = createHttpClient({ tls: options.tls, maxSockets: 4 });
  const authorization = token && { Authorization: `Bearer ${token.reveal()}` };

  return {
    address,
    async send({ method, path, body }, signal) {
      const contentType = method === 'PATCH' ? JSON_PATCH : 'application/json';
      const headers = {
        Accept: 'application/json',
        ...(body !== undefined && { 'Content-Type': contentType }),
        ...authorization,
      };
      try {
        return await client.send(
          {
            method,
            url: `${address}/v1/${path}`,
            headers,
            body: body === undefined ? undefined : JSON.stringify(body),
            readOnly: method === 'GET',
            timeoutMilliseconds,
          },
          signal,
        );
      } catch (error) {
        throw error instanceof HttpFailure ? openMetadataFailure(error, address) : error;
      }
    },
    close: () => client.close(),
  };
}

/** Whether OpenMetadata itself said that there is no such thing. */
export function isAbsent(answer: HttpAnswer): boolean {
  return answer.status === 404 && isServerError(answer);
}

/** Whether the answer is an error in OpenMetadata's own form. */
export function isServerError({ body }: HttpAnswer): boolean {
  return ServerError.safeParse(parseJson(body)).success;
}

/** The body of a success. Throws what `classify` makes of anything else. */
export function readAnswer<T>(
  schema: z.ZodType<T>,
  answer: HttpAnswer,
  address: string,
  classify: (answer: HttpAnswer, address: string) => Error = classifyAnswer,
): T {
  const succeeded = answer.status === 200 || answer.status === 201;
  const parsed = schema.safeParse(succeeded ? parseJson(answer.body) : undefined);
  if (!parsed.success) {
    throw classify(answer, address);
  }
  return parsed.data;
}

function withoutCredentials(baseUrl: string): string {
  const url = new URL(baseUrl);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
