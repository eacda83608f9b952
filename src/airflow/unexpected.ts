import { AirflowError } from './airflowError.ts';
import { type Verb, verbWords } from './verbs.ts';

/** An answer of status 200 that is not of the form that it should be. */
export function unexpected(verb: Verb, root: string): AirflowError {
  return new AirflowError(
    'unexpectedAnswer',
    `Airflow at ${root} could not ${verbWords[verb]}: its answer has an unknown form. Check that its version is supported ` +
      'and that no proxy changes answers.',
    { status: 200 },
  );
}
