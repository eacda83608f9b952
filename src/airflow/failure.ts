import { handshakeTimeout, type HttpFailure, type HttpFailureKind } from '../http/httpFailure.ts';
import { AirflowError, type AirflowErrorKind } from './airflowError.ts';
import { type Verb, verbWords } from './verbs.ts';

/** The call that failed. */
export interface FailedCall {
  readonly verb: Verb;
  readonly readOnly: boolean;
  /** The address, as users know it. */
  readonly root: string;
  readonly timeoutMilliseconds: number;
}

/** A call that got no usable answer, as an AirflowError: what is wrong, where, and what to do. */
export function airflowFailure(failure: HttpFailure, call: FailedCall): AirflowError {
  if (failure.maybeSent && !call.readOnly) {
    return new AirflowError(
      'unknownOutcome',
      `Airflow at ${call.root} did not answer whether it could ${verbWords[call.verb]}: ${lostHow(failure, call)}. ` +
        'It may have happened or not; this is found out by reading.',
      { cause: failure },
    );
  }
  const { kind, text } = failureTexts[failure.kind];
  const hint = failure.code === handshakeTimeout ? ` ${handshakeHint}` : '';
  return new AirflowError(kind, text(call) + hint, { cause: failure });
}

const handshakeHint =
  'It took the connection but no TLS handshake: perhaps apiEndpoint should begin with http://.';

/** Many servers that speak TLS end a connection on which they are spoken to without. */
function mayWantTls(root: string): string {
  return root.startsWith('http:') ? ', or let apiEndpoint begin with https:// where the port speaks TLS' : '';
}

function lostHow(failure: HttpFailure, call: FailedCall): string {
  return failure.kind === 'timeout'
    ? `no answer came within ${call.timeoutMilliseconds / 1000} s`
    : 'the connection ended before the answer';
}

const failureTexts: Readonly<
  Record<HttpFailureKind, { kind: AirflowErrorKind; text: (call: FailedCall) => string }>
> = {
  connectionRefused: {
    kind: 'connectionRefused',
    text: ({ root }) =>
      `No connection to Airflow at ${root}: it was refused. Check host and port of apiEndpoint, and that the web server ` +
      '(Airflow 3: api-server) is running and no NetworkPolicy is in between.',
  },
  dnsFailed: {
    kind: 'dnsFailed',
    text: ({ root }) =>
      `The host of ${root} cannot be resolved. Check the name in apiEndpoint; for a Service of another namespace write ` +
      '<service>.<namespace>.',
  },
  timeout: {
    kind: 'timeout',
    text: ({ root, verb, timeoutMilliseconds }) =>
      `Airflow at ${root} did not answer within ${timeoutMilliseconds / 1000} s (to ${verbWords[verb]}). Check that it is ` +
      'healthy and reachable, or raise timeout.',
  },
  tlsUntrusted: {
    kind: 'tlsUntrusted',
    text: ({ root }) =>
      `TLS with ${root} failed because a certificate is not trusted, has expired or is for another host. Set verifySSL ` +
      'to validate with the right sslConfig.caCertificate (and client certificate, if Airflow asks for one).',
  },
  tlsMismatch: {
    kind: 'tlsMismatch',
    text: ({ root }) =>
      `${root} does not speak the protocol of apiEndpoint. Check whether it should begin with http:// or https://, and ` +
      'that the port is the right one.',
  },
  connectionLost: {
    kind: 'timeout',
    text: ({ root, verb }) =>
      `The connection to Airflow at ${root} ended before its answer (to ${verbWords[verb]}). It is tried again; if it ` +
      `stays so, look for restarts of the web server or for a proxy in between${mayWantTls(root)}.`,
  },
  answerTooLarge: {
    kind: 'unexpectedAnswer',
    text: ({ root, verb }) =>
      `The answer of ${root} is larger than 32 MB (to ${verbWords[verb]}), which Airflow's never are. Check apiEndpoint.`,
  },
};
