import { z } from 'zod';

import { AirflowAuth, SSLConfig, verifySSLModes } from './airflowConnection.ts';
import { AllowedNamespaces } from './allowedNamespaces.ts';
import { Conditions } from './condition.ts';
import { deliveries } from './delivery.ts';
import { counter, text, textOf, timestamp, wholeNumber } from './fields.ts';
import { HTTP_ENDPOINT, OBJECT_NAME, OPENMETADATA_ENDPOINT } from './grammars.ts';
import { API_GROUP, API_VERSION } from './group.ts';
import { ObjectMeta } from './objectMeta.ts';
import { OpenMetadataConnection } from './openMetadataConnection.ts';

const ConfigMapNaming = z.object({
  name: textOf(
    { ...OBJECT_NAME, maxLength: 250 },
    'How the names of the ConfigMaps, and of Secrets for documents with secrets, start; a two-digit number follows. Default: dag-generated-configs.',
  ).optional(),
  shards: wholeNumber(
    1,
    100,
    'Over how many ConfigMaps the documents are spread. Airflow must mount each. Default: 16.',
  ).optional(),
});

const DeployLimits = z.object({
  concurrentDeploys: wholeNumber(1, 10, 'How many deploys may be under way at once. Default: 1.').optional(),
  deploysPerMinute: wholeNumber(
    1,
    600,
    'How many deploys may start within a minute, at most. Default: 30.',
  ).optional(),
});

export const PipelineServiceClientSpec = z
  .object({
    type: z
      .enum(['Airflow'])
      .meta({ description: 'What runs the pipelines. Default: Airflow, the only choice.' })
      .optional(),
    apiEndpoint: textOf(HTTP_ENDPOINT, 'Where Airflow answers, without /api and what follows.'),
    metadataApiEndpoint: textOf(
      OPENMETADATA_ENDPOINT,
      'Where the OpenMetadata server answers, for the operator and for Airflow; ends in /api.',
    ),
    hostIp: text(
      253,
      'Address that sources see when a run connects to them. Only reported. Default: not known.',
    ).optional(),
    verifySSL: z
      .enum(verifySSLModes)
      .meta({
        description:
          'How the operator treats the certificate of an https apiEndpoint. validate: it must be trusted. ignore: any will do. no-ssl: as validate, without the certificates of sslConfig. Default: no-ssl.',
      })
      .optional(),
    sslConfig: SSLConfig.meta({
      description: 'Certificates for calls to Airflow. Default: none.',
    }).optional(),
    auth: AirflowAuth.meta({ description: 'User of Airflow for the operator.' }),
    timeout: wholeNumber(
      1,
      300,
      'Seconds that one call to Airflow may take; deploys have a longer limit of their own. Default: 10.',
    ).optional(),
    openMetadata: OpenMetadataConnection.meta({
      description: 'How runs, and the checks of the operator, reach the OpenMetadata server.',
    }),
    delivery: z
      .enum(deliveries)
      .meta({
        description:
          'How documents reach Airflow. ManagedAPI: they are posted to the managed APIs. ConfigMap: Airflow mounts the ConfigMaps, and Secrets where documents hold secrets. Default: ManagedAPI.',
      })
      .optional(),
    configMap: ConfigMapNaming.meta({
      description:
        'ConfigMaps for the documents, in the namespace of this object. Default: 16 that are called dag-generated-configs-00 and so on.',
    }).optional(),
    limits: DeployLimits.meta({
      description:
        'How hard deploys may press on Airflow; the operator goes slower by itself when Airflow does. Default: one at a time, 30 a minute.',
    }).optional(),
    allowedNamespaces: AllowedNamespaces.meta({
      description: 'From which namespaces pipelines may refer to this client. Default: only from its own.',
    }).optional(),
  })
  .meta({ description: 'How to reach one Airflow and the OpenMetadata server that its runs report to.' });

export type PipelineServiceClientSpec = z.infer<typeof PipelineServiceClientSpec>;

const AirflowStatus = z.object({
  version: text(64, 'Version of Airflow.').optional(),
  apiBasePath: text(256, 'Where the managed APIs answer, below apiEndpoint.').optional(),
  pluginVersion: text(64, 'Version of the managed APIs.').optional(),
  coreApi: z
    .enum(['Available', 'Unavailable'])
    .meta({
      description:
        "Whether Airflow's own REST API can be used. Where it cannot, run state is read DAG by DAG, and slower.",
    })
    .optional(),
});

const PipelineCounts = z.object({
  total: counter('How many pipelines refer to this client.'),
  ready: counter('How many of them are Ready.'),
  stalled: counter('How many of them are Stalled.'),
});

const DeployCounts = z.object({
  queued: counter('How many deploys wait for their turn.'),
  running: counter('How many deploys are under way.'),
});

export const PipelineServiceClientStatus = z
  .object({
    observedGeneration: counter('The newest generation that the operator has looked at.').optional(),
    conditions: Conditions.optional(),
    airflow: AirflowStatus.meta({ description: 'What was found out about Airflow.' }).optional(),
    openMetadata: z
      .object({ version: text(64, 'Version of the OpenMetadata server.').optional() })
      .meta({ description: 'What was found out about the OpenMetadata server.' })
      .optional(),
    pipelines: PipelineCounts.meta({ description: 'How many pipelines refer to this client.' }).optional(),
    deploys: DeployCounts.meta({
      description: 'Deploys to this Airflow that are not done yet; absent while there are none.',
    }).optional(),
    lastCheckTime: timestamp('When Airflow and OpenMetadata were last checked.').optional(),
    lastHandledReconcileAt: text(
      256,
      'Value of the annotation requested-at that was handled last.',
    ).optional(),
  })
  .meta({ description: 'The client as it is; written by the operator.' });

export type PipelineServiceClientStatus = z.infer<typeof PipelineServiceClientStatus>;

export const PipelineServiceClient = z
  .object({
    apiVersion: z.literal(`${API_GROUP}/${API_VERSION}`),
    kind: z.literal('PipelineServiceClient'),
    metadata: ObjectMeta,
    spec: PipelineServiceClientSpec,
    status: PipelineServiceClientStatus.optional(),
  })
  .meta({
    description:
      'One Apache Airflow with the managed APIs of OpenMetadata, and the OpenMetadata server that its runs report to.',
  });

export type PipelineServiceClient = z.infer<typeof PipelineServiceClient>;
