import type { Airflow } from '../../airflow/airflow.ts';

/** Thrown in place of a call that would change Airflow when this replica may not be the leader any more. */
export class LeadLost extends Error {
  readonly kind = 'leadLost';

  constructor() {
    super('this replica may not lead any more, so it changes nothing outside');
    this.name = 'LeadLost';
  }
}

/** An Airflow whose changing verbs ask first whether this replica still leads: a thawed process may be late to know. */
export function guardByLead(airflow: Airflow, isHeld: () => boolean): Airflow {
  function guarded<Arguments extends unknown[], Result>(
    verb: (...rest: Arguments) => Promise<Result>,
  ): (...rest: Arguments) => Promise<Result> {
    return async (...rest) => {
      if (!isHeld()) {
        throw new LeadLost();
      }
      return await verb(...rest);
    };
  }

  return {
    ...airflow,
    deploy: guarded(airflow.deploy),
    enable: guarded(airflow.enable),
    disable: guarded(airflow.disable),
    trigger: guarded(airflow.trigger),
    kill: guarded(airflow.kill),
    remove: guarded(airflow.remove),
    removeFiles: guarded(airflow.removeFiles),
    forget: guarded(airflow.forget),
    reparse: guarded(airflow.reparse),
  };
}
