import { z } from 'zod';

import { AirflowConfig } from './airflowConfig.ts';
import { Domains, Owners, Tags } from './catalogueFields.ts';
import { ClientReference } from './clientReference.ts';
import { Conditions } from './condition.ts';
import { deliveries } from './delivery.ts';
import { counter, flag, text, textOf, timestamp, wholeNumber } from './fields.ts';
import { PIPELINE_NAME } from './grammars.ts';
import { API_GROUP, API_VERSION } from './group.ts';
import { ObjectMeta } from './objectMeta.ts';
import { pipelineTypes, serviceTypes } from './pipelineType.ts';
import { rules } from './rule.ts';
import { serviceTypeRules } from './serviceTypeRules.ts';
import { SourceConfig } from './sourceConfig.ts';
import { ValueFrom } from './valueFrom.ts';

const MAX_RUN_HISTORY = 25;

const Service = z.object({
  type: z.enum(serviceTypes).meta({ description: 'Kind of the service.' }),
  name: text(256, 'Name of the service in OpenMetadata.').min(1),
});

export const IngestionPipelineSpec = z
  .object({
    clientRef: ClientReference.meta({
      description:
        'Which PipelineServiceClient to use. Default: the one named "default" in the namespace of the pipeline, else the default client of the operator.',
    }).optional(),
    name: textOf(
      PIPELINE_NAME,
      'Name of the pipeline in OpenMetadata, and so the id of its DAG in Airflow. Fixed after creation. Default: <namespace>_<name of this object>.',
    ).optional(),
    displayName: text(256, 'Name that people see. Default: the name of the pipeline.').optional(),
    description: text(
      4096,
      'What the pipeline is for; becomes the description of the DAG. Default: none.',
    ).optional(),
    owners: Owners.optional(),
    domains: Domains.optional(),
    tags: Tags.optional(),
    pipelineType: z.enum(pipelineTypes).meta({ description: 'What the pipeline does.' }),
    service: Service.meta({
      description: 'The service in OpenMetadata that the pipeline is about. It must exist there.',
    }),
    sourceConfig: SourceConfig.meta({ description: 'What the pipeline reads and how, as in OpenMetadata.' }),
    valuesFrom: z
      .array(ValueFrom)
      .max(64)
      .meta({
        description:
          'Secret values inside the source configuration, at most one for each path. Default: none.',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['targetPath'],
      })
      .optional(),
    airflowConfig: AirflowConfig.meta({
      description: 'When and how Airflow runs the pipeline. Default: only on request.',
    }).optional(),
    loggerLevel: z
      .enum(['DEBUG', 'INFO', 'WARN', 'ERROR'])
      .meta({ description: 'How much a run writes to its log. Default: INFO.' })
      .optional(),
    raiseOnError: flag('Whether errors while reading make the run fail. Default: true.').optional(),
    enableStreamableLogs: flag(
      'Whether a run sends its log to the OpenMetadata server. Default: false.',
    ).optional(),
    suspend: flag(
      'Whether the pipeline is paused in Airflow; nothing else changes there. Default: false.',
    ).optional(),
    driftPolicy: z
      .enum(['Correct', 'Warn'])
      .meta({
        description:
          'What happens when somebody changes or pauses the DAG in Airflow. Correct: it is put back. Warn: it is only reported. Default: Correct.',
      })
      .optional(),
    deletionPolicy: z
      .enum(['Delete', 'Orphan'])
      .meta({
        description:
          'What happens to the DAG when this object is deleted. Delete: it is removed from Airflow. Orphan: it stays. Default: Delete.',
      })
      .optional(),
    adopt: flag(
      'Whether to take over a DAG of the same id that the operator did not deploy. Default: false.',
    ).optional(),
    runNonce: text(
      128,
      'Any change of this value starts one run, also of a pipeline without schedule. Default: none.',
    ).optional(),
    runHistoryLimit: wholeNumber(
      0,
      MAX_RUN_HISTORY,
      'How many runs to keep in status.recentRuns. Default: 5.',
    ).optional(),
  })
  .meta({
    description: 'The pipeline as it should be.',
    ...rules(
      {
        rule: 'has(self.name) == has(oldSelf.name) && (!has(self.name) || self.name == oldSelf.name)',
        message:
          'spec.name cannot be changed, set or removed after creation: delete the object and create it anew',
        fieldPath: '.name',
      },
      ...serviceTypeRules,
    ),
  });

export type IngestionPipelineSpec = z.infer<typeof IngestionPipelineSpec>;

/** One run, as far as it is known. */
export const RunSummary = z.object({
  runId: text(256, 'Id of the run in Airflow.').min(1),
  state: z.enum(['queued', 'running', 'success', 'failed']).meta({ description: 'How the run is doing.' }),
  startTime: timestamp('When it started; absent while it is queued.').optional(),
  endTime: timestamp('When it ended; absent until then.').optional(),
  durationSeconds: z
    .number()
    .min(0)
    .meta({ description: 'Seconds from start to end; absent until then.' })
    .optional(),
  trigger: text(64, 'What caused it, such as scheduled or manual.').optional(),
});

export type RunSummary = z.infer<typeof RunSummary>;

const ClientInUse = z.object({
  name: text(253, 'Name of the PipelineServiceClient.'),
  namespace: text(63, 'Its namespace.'),
});

const Deployed = z.object({
  hash: text(128, 'status.configHash at that time.'),
  publicHash: text(
    128,
    'Hash of the document without its secrets: where it stays and the other changes, a secret was rotated.',
  ).optional(),
  time: timestamp('When it was delivered.'),
  delivery: z.enum(deliveries).meta({ description: 'How it was delivered.' }),
  configMap: text(
    253,
    'ConfigMap, or Secret of this name, that holds the document, in the namespace of the client.',
  ).optional(),
  key: text(253, 'Key of the document in there.').optional(),
});

/** An Airflow that the pipeline has left, and where its DAG still is. */
export const FormerClient = z.object({
  name: text(253, 'Name of the PipelineServiceClient.'),
  namespace: text(63, 'Its namespace.'),
  configMap: text(253, 'ConfigMap that still holds the document for it.').optional(),
  key: text(253, 'Key of the document within that ConfigMap.').optional(),
  message: text(1024, 'Why the DAG is still there.').optional(),
});

export type FormerClient = z.infer<typeof FormerClient>;

const PendingRun = z.object({
  runId: text(256, 'Id that the run will have in Airflow.'),
  nonce: text(128, 'Value of spec.runNonce that asks for it, where no annotation does.').optional(),
  message: text(1024, 'What it waits for.'),
});

const RegisteredInOpenMetadata = z.object({
  fullyQualifiedName: text(1024, 'Fully qualified name of the entity.'),
  id: text(64, 'Id of the entity.'),
  hash: text(64, 'Hash of what was sent last, which holds no secret.'),
  version: z.number().min(0).meta({ description: 'Version of the entity after that.' }),
  time: timestamp('When it was sent.'),
});

export const IngestionPipelineStatus = z
  .object({
    observedGeneration: counter('The newest generation that the operator has looked at.').optional(),
    clientRef: ClientInUse.meta({ description: 'The PipelineServiceClient in use.' }).optional(),
    dagId: text(250, 'Id of the DAG in Airflow.').optional(),
    pipelineFQN: text(1024, 'Fully qualified name of the pipeline in OpenMetadata.').optional(),
    configHash: text(
      128,
      'Keyed hash of the rendered document, secrets included. No value can be guessed from it.',
    ).optional(),
    deployed: Deployed.meta({ description: 'What was delivered last.' }).optional(),
    formerClients: z
      .array(FormerClient)
      .max(16)
      .meta({
        description:
          'Clients that the pipeline has left and whose Airflow still has the DAG; it is removed there once the new one runs.',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['namespace', 'name'],
      })
      .optional(),
    registered: RegisteredInOpenMetadata.meta({
      description: 'The entity in OpenMetadata that shows the pipeline.',
    }).optional(),
    conditions: Conditions.optional(),
    lastRun: RunSummary.meta({ description: 'The newest run.' }).optional(),
    recentRuns: z
      .array(RunSummary)
      .max(MAX_RUN_HISTORY)
      .meta({
        description: 'The newest runs, newest first, at most spec.runHistoryLimit.',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['runId'],
      })
      .optional(),
    lastSuccessfulTime: timestamp('When a run last ended well.').optional(),
    consecutiveFailures: counter('How many of the newest finished runs failed in a row.').optional(),
    nextRunTime: timestamp(
      'When Airflow starts the next run; absent without schedule or while suspended.',
    ).optional(),
    activeRuns: counter('How many runs are queued or running.').optional(),
    pendingRun: PendingRun.meta({
      description: 'A run that was asked for and that could not be started yet.',
    }).optional(),
    lastHandledReconcileAt: text(
      256,
      'Value of the annotation requested-at that was handled last.',
    ).optional(),
    lastHandledRunRequest: text(
      256,
      'Value of the annotation run-requested-at that was handled last.',
    ).optional(),
    lastHandledRunNonce: text(128, 'Value of spec.runNonce that was handled last.').optional(),
  })
  .meta({ description: 'The pipeline as it is; written by the operator.' });

export type IngestionPipelineStatus = z.infer<typeof IngestionPipelineStatus>;

export const IngestionPipeline = z
  .object({
    apiVersion: z.literal(`${API_GROUP}/${API_VERSION}`),
    kind: z.literal('IngestionPipeline'),
    metadata: ObjectMeta,
    spec: IngestionPipelineSpec,
    status: IngestionPipelineStatus.optional(),
  })
  .meta({
    description:
      'An ingestion pipeline of OpenMetadata that the operator deploys to Apache Airflow, keeps there as declared, and reports on.',
    ...rules({
      rule: 'has(self.spec.name) || size(self.metadata.name) <= 136',
      message:
        'metadata.name must have at most 136 characters where spec.name is not set, as the name of the pipeline is made of it: shorten it or set spec.name',
    }),
  });

export type IngestionPipeline = z.infer<typeof IngestionPipeline>;
