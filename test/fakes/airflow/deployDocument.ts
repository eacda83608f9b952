import { z } from 'zod';
import type { AirflowGeneration } from './fakeAirflow.ts';

const airflowConfigFields = [
  'pausePipeline',
  'concurrency',
  'startDate',
  'endDate',
  'pipelineTimezone',
  'retries',
  'retryDelay',
  'pipelineCatchup',
  'scheduleInterval',
  'maxActiveRuns',
  'workflowTimeout',
  'workflowDefaultView',
  'workflowDefaultViewOrientation',
  'email',
];

const reference = z.looseObject({ id: z.string(), type: z.string(), name: z.string().optional() });

/** What this fake looks into; every plugin knows these fields. */
const DeployDocument = z.looseObject({
  name: z.string().min(1),
  pipelineType: z.string(),
  sourceConfig: z.strictObject({ config: z.looseObject({}).optional() }),
  airflowConfig: z.partialRecord(z.enum(airflowConfigFields), z.unknown()),
  openMetadataServerConnection: z
    .looseObject({
      hostPort: z.string(),
      // `noop` is a loader, and no provider.
      secretsManagerProvider: z
        .string()
        .regex(/^(?!noop$)/)
        .nullish(),
      securityConfig: z.looseObject({ jwtToken: z.string() }).nullish(),
    })
    .nullish(),
  service: reference.nullish(),
  fullyQualifiedName: z.string().nullish(),
  description: z.string().nullish(),
  displayName: z.string().nullish(),
  id: z.string().nullish(),
});
export type DeployDocument = z.infer<typeof DeployDocument>;

const oldFields = [
  ...Object.keys(DeployDocument.shape),
  'loggerLevel',
  'pipelineStatuses',
  'deployed',
  'enabled',
  'deleted',
  'href',
  'version',
  'updatedAt',
  'updatedBy',
  'changeDescription',
  'provider',
];

const newFields = [
  ...oldFields,
  'owners',
  'raiseOnError',
  'enableStreamableLogs',
  'incrementalChangeDescription',
  'impersonatedBy',
  'followers',
  'domains',
  'applicationType',
  'ingestionRunner',
  'processingEngine',
];

const topLevelFields: Readonly<Record<AirflowGeneration, ReadonlySet<string>>> = {
  '2.7.3': new Set([...oldFields, 'owner']),
  '2.10.5': new Set(newFields),
  '3.3.0': new Set(newFields),
};

/** Of the type DatabaseMetadata; the fields of other types are not checked. */
const databaseMetadataFields = new Set(
  (
    'type markDeletedTables markDeletedStoredProcedures markDeletedSchemas markDeletedDatabases includeTables ' +
    'includeViews includeTags includeCustomProperties includeOwners ownerConfig includeStoredProcedures includeDDL ' +
    'overrideMetadata queryLogDuration queryParsingTimeoutLimit useFqnForFiltering schemaFilterPattern ' +
    'tableFilterPattern databaseFilterPattern storedProcedureFilterPattern threads incremental extractJsonSchema ' +
    'jsonSchemaSampleSize'
  ).split(' '),
);

/** Why a document is refused: as a whole, or for a field of sourceConfig.config. */
export type Refusal =
  | { readonly kind: 'document'; readonly withoutSourceConfig: boolean }
  | { readonly kind: 'sourceConfig'; readonly field: string };

/** Reads a document as the plugin's model does: unknown fields are refused. */
export function parseDocument(
  generation: AirflowGeneration,
  value: unknown,
): { document: DeployDocument } | { refusal: Refusal } {
  const parsed = DeployDocument.safeParse(value);
  if (!parsed.success) {
    const withoutSourceConfig = !z.object({ sourceConfig: z.unknown() }).safeParse(value).success;
    return { refusal: { kind: 'document', withoutSourceConfig } };
  }
  if (Object.keys(parsed.data).some((field) => !topLevelFields[generation].has(field))) {
    return { refusal: { kind: 'document', withoutSourceConfig: false } };
  }
  const field = unknownSourceField(parsed.data);
  return field === undefined ? { document: parsed.data } : { refusal: { kind: 'sourceConfig', field } };
}

function unknownSourceField({ sourceConfig: { config = {} } }: DeployDocument): string | undefined {
  return config['type'] === 'DatabaseMetadata'
    ? Object.keys(config).find((field) => !databaseMetadataFields.has(field))
    : undefined;
}
