/** One column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** 1: only with `-o wide`. */
  readonly priority?: 1;
}

const READY: PrinterColumn = {
  name: 'Ready',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].status',
  description: 'Whether everything asked for is in place.',
};

const AGE: PrinterColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Time since the object was created.',
};

export const pipelineColumns: readonly PrinterColumn[] = [
  { name: 'Type', type: 'string', jsonPath: '.spec.pipelineType', description: 'What the pipeline does.' },
  {
    name: 'Service',
    type: 'string',
    jsonPath: '.spec.service.name',
    description: 'The service in OpenMetadata.',
  },
  {
    name: 'Schedule',
    type: 'string',
    jsonPath: '.spec.airflowConfig.scheduleInterval',
    description: 'When it runs; empty: only on request.',
  },
  {
    name: 'Suspended',
    type: 'boolean',
    jsonPath: '.spec.suspend',
    description: 'Whether it is paused; empty: it is not.',
  },
  READY,
  {
    name: 'Last Run',
    type: 'date',
    jsonPath: '.status.lastRun.startTime',
    description: 'Time since the newest run started.',
  },
  {
    name: 'Result',
    type: 'string',
    jsonPath: '.status.lastRun.state',
    description: 'State of the newest run.',
  },
  {
    name: 'Next',
    type: 'string',
    jsonPath: '.status.nextRunTime',
    description: 'When the next run starts.',
    priority: 1,
  },
  {
    name: 'Dag',
    type: 'string',
    jsonPath: '.status.dagId',
    description: 'Id of the DAG in Airflow.',
    priority: 1,
  },
  AGE,
];

export const clientColumns: readonly PrinterColumn[] = [
  READY,
  {
    name: 'Airflow',
    type: 'string',
    jsonPath: '.status.airflow.version',
    description: 'Version of Airflow.',
  },
  {
    name: 'Plugin',
    type: 'string',
    jsonPath: '.status.airflow.pluginVersion',
    description: 'Version of the managed APIs.',
  },
  {
    name: 'OpenMetadata',
    type: 'string',
    jsonPath: '.status.openMetadata.version',
    description: 'Version of the OpenMetadata server.',
  },
  {
    name: 'Pipelines',
    type: 'integer',
    jsonPath: '.status.pipelines.total',
    description: 'How many pipelines refer to this client.',
  },
  {
    name: 'Stalled',
    type: 'integer',
    jsonPath: '.status.pipelines.stalled',
    description: 'How many of them need a person.',
    priority: 1,
  },
  {
    name: 'Endpoint',
    type: 'string',
    jsonPath: '.spec.apiEndpoint',
    description: 'Where Airflow answers.',
    priority: 1,
  },
  AGE,
];
