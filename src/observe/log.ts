import { pino, type DestinationStream, type Logger } from 'pino';

/** Structured log lines, on standard output unless told otherwise. Errors show their kind and message, never what a library hung on them. */
export function createLog(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
  };
  return pino(options, destination);
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) {
    return { type: typeof error };
  }
  const kind = 'kind' in error && typeof error.kind === 'string' ? error.kind : undefined;
  return carriesResponse(error)
    ? { type: error.name, kind, message: 'withheld: it may repeat a response' }
    : { type: error.name, kind, message: error.message, stack: error.stack };
}

/** Libraries put whole responses into their errors, client-node even into the message. */
function carriesResponse(error: Error): boolean {
  return 'body' in error || 'headers' in error || 'response' in error;
}
