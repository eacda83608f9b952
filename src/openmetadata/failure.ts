import type { HttpAnswer } from '../http/httpClient.ts';
import { handshakeTimeout, type HttpFailure, type HttpFailureKind } from '../http/httpFailure.ts';
import { OpenMetadataError, type OpenMetadataErrorKind } from './openMetadata.ts';

/** A call that got no usable answer, as an OpenMetadataError: what is wrong, where, and what to do. */
export function openMetadataFailure(failure: HttpFailure, address: string): OpenMetadataError {
  const { kind, reason } = failures[failure.kind];
  const hint =
    failure.code === handshakeTimeout
      ? ' It took the connection but no TLS handshake: perhaps metadataApiEndpoint should begin with http://.'
      : '';
  return new OpenMetadataError(kind, `OpenMetadata at ${address} ${reason}${hint}`, failure);
}

const failures: Readonly<Record<HttpFailureKind, { kind: OpenMetadataErrorKind; reason: string }>> = {
  connectionRefused: {
    kind: 'connectionRefused',
    reason:
      'refused the connection. Check host and port of metadataApiEndpoint, and that the server is running.',
  },
  dnsFailed: {
    kind: 'dnsFailed',
    reason: 'has a host name that cannot be resolved. Check metadataApiEndpoint.',
  },
  timeout: {
    kind: 'timeout',
    reason: 'did not answer in time. Check that it is healthy and reachable, or raise timeout.',
  },
  tlsUntrusted: {
    kind: 'tlsUntrusted',
    reason:
      'has a certificate that is not trusted, has expired or is for another host. Set openMetadata.verifySSL to validate ' +
      'with the right caCertificate.',
  },
  tlsMismatch: {
    kind: 'tlsMismatch',
    reason:
      'does not speak the protocol of metadataApiEndpoint. Check whether it should begin with http:// or https://.',
  },
  connectionLost: {
    kind: 'timeout',
    reason:
      'ended the connection before its answer. It is tried again; if it stays so, check that it is healthy, and whether ' +
      'metadataApiEndpoint should begin with http:// or https://.',
  },
  answerTooLarge: {
    kind: 'notOpenMetadata',
    reason: 'gave an answer larger than 32 MB, which OpenMetadata never does. Check metadataApiEndpoint.',
  },
};

/** What an answer that is no success means. */
export function classifyAnswer(answer: HttpAnswer, address: string): OpenMetadataError {
  const { status } = answer;
  if (status === 401) {
    return new OpenMetadataError(
      'tokenRejected',
      `OpenMetadata at ${address} refused the bot token: it is missing, expired or of another server. Set a valid ` +
        'openMetadata.jwtToken.',
    );
  }
  if (status === 403) {
    return new OpenMetadataError(
      'tokenRejected',
      `OpenMetadata at ${address} does not let the bot of this token read services. Give the bot the role of an ` +
        'ingestion bot.',
    );
  }
  if (status >= 500 || status === 429) {
    return new OpenMetadataError(
      'serverError',
      `OpenMetadata at ${address}, or a proxy before it, answered ${status}. It is tried again.`,
    );
  }
  return new OpenMetadataError(
    'notOpenMetadata',
    `What answers at ${address} is not OpenMetadata (status ${status}). metadataApiEndpoint must end in /api and must not ` +
      'lead to a login page.',
  );
}

/** What an answer that is no success means where an ingestion pipeline was to be read, written or deleted. */
export function classifyWrite(
  answer: HttpAnswer,
  address: string,
  isServerError: boolean,
): OpenMetadataError {
  const { status } = answer;
  if (status === 403) {
    return new OpenMetadataError(
      'permissionDenied',
      `OpenMetadata at ${address} does not let the bot of this token change ingestion pipelines. Give the bot a role that ` +
        'may view, create, edit and delete them, or set openMetadata.register to false.',
    );
  }
  return isServerError && status >= 400 && status < 500 && status !== 401 && status !== 429
    ? new OpenMetadataError(
        'refused',
        `OpenMetadata at ${address} refused the ingestion pipeline (status ${status}); its log says why.`,
      )
    : classifyAnswer(answer, address);
}
