import { AirflowError } from '../airflowError.ts';

/** Whether Airflow's own REST API can be used, as far as looks have shown. */
export type PolledCoreApi =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'available' }
  | { readonly kind: 'unavailable'; readonly message: string };

/** How the last look went. Times are milliseconds since 1970. */
export type PollerState =
  | { readonly kind: 'never'; readonly coreApi: PolledCoreApi }
  | { readonly kind: 'ok'; readonly at: number; readonly coreApi: PolledCoreApi }
  | {
      readonly kind: 'failed';
      readonly at: number;
      readonly error: AirflowError;
      readonly coreApi: PolledCoreApi;
    };

/** The two things that are looked at, each in a loop of its own. */
export type Subject = 'dags' | 'runs';

/** Keeps how the looks went. */
export interface LookLog {
  /** Gives whether with that everything is well again. */
  succeeded(subject: Subject, at: number): boolean;
  failed(subject: Subject, at: number, error: AirflowError): void;
  coreApiAnswered(subject: Subject): void;
  coreApiRefused(subject: Subject, error: AirflowError): void;
  isCoreApiRefused(subject: Subject): boolean;
  /** When everything was well again after a failure. */
  recoveredAt(): number | undefined;
  state(): PollerState;
}

export function createLookLog(): LookLog {
  const refusals = new Map<Subject, string>();
  const failures = new Map<Subject, { at: number; error: AirflowError }>();
  let lastGood: number | undefined;
  let recovered: number | undefined;
  let answered = false;

  function coreApi(): PolledCoreApi {
    const [message] = refusals.values();
    if (message !== undefined) {
      return { kind: 'unavailable', message };
    }
    return { kind: answered ? 'available' : 'unknown' };
  }

  function state(): PollerState {
    const [failure] = failures.values();
    if (failure) {
      return { kind: 'failed', ...failure, coreApi: coreApi() };
    }
    return lastGood === undefined
      ? { kind: 'never', coreApi: coreApi() }
      : { kind: 'ok', at: lastGood, coreApi: coreApi() };
  }

  return {
    succeeded(subject, at) {
      const isRecovery = failures.delete(subject) && failures.size === 0;
      recovered = isRecovery ? at : recovered;
      lastGood = at;
      return isRecovery;
    },
    failed(subject, at, error) {
      failures.set(subject, { at, error });
    },
    coreApiAnswered(subject) {
      refusals.delete(subject);
      answered = true;
    },
    coreApiRefused(subject, error) {
      refusals.set(subject, error.message);
    },
    isCoreApiRefused: (subject) => refusals.has(subject),
    recoveredAt: () => recovered,
    state,
  };
}

/** Whether the plugin may still answer where this came from the core API. */
export function meansNoCoreApi(error: unknown): error is AirflowError {
  return (
    error instanceof AirflowError &&
    (error.kind === 'coreApiUnavailable' || error.kind === 'permissionDenied')
  );
}

/** A defect of ours is shown as one. */
export function asAirflowError(error: unknown): AirflowError {
  return error instanceof AirflowError
    ? error
    : new AirflowError('unexpectedAnswer', 'Polling failed inside the operator; its log has the details.', {
        cause: error,
      });
}
