import type { Airflow } from './airflow.ts';

export type Verb = keyof Omit<Airflow, 'close'>;

/** In words, to end a sentence that begins with "could not". */
export const verbWords: Readonly<Record<Verb, string>> = {
  probe: 'look at the installation',
  listDags: 'list the DAGs',
  getDag: 'read the DAG',
  listRuns: 'list DAG runs',
  listImportErrors: 'list import errors',
  recentRuns: 'read the recent runs of the DAG',
  deploy: 'deploy the pipeline',
  enable: 'enable the DAG',
  disable: 'disable the DAG',
  trigger: 'trigger a run',
  kill: 'stop the runs of the DAG',
  remove: 'remove the DAG',
  removeFiles: 'remove the files of the DAG',
  forget: 'delete the record of the DAG',
  reparse: 'parse a file of DAGs again',
  lastLog: 'read the log of the newest run',
};

/** What the user must be allowed to do in Airflow for a verb. */
export const verbPermissions: Readonly<Record<Verb, string>> = {
  probe: 'can_create on DAGs',
  listDags: 'can_read on DAGs',
  getDag: 'can_read on DAGs',
  listRuns: 'can_read on DAGs and on DAG Runs',
  listImportErrors: 'can_read on ImportError',
  recentRuns: 'can_read on DAGs',
  deploy: 'can_create on DAGs',
  enable: 'can_edit on DAGs',
  disable: 'can_edit on DAGs',
  trigger: 'can_edit on DAGs',
  kill: 'can_edit on DAGs',
  remove: 'can_delete on DAGs',
  removeFiles: 'can_delete on DAGs',
  forget: 'can_delete on DAGs',
  reparse: 'can_edit on DAGs',
  lastLog: 'can_read on DAGs',
};
