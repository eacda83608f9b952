import type { PipelineType, ServiceType } from './pipelineType.ts';
import type { Rule } from './rule.ts';

interface Pairing {
  readonly pipelineTypes: readonly PipelineType[];
  readonly serviceTypes: readonly ServiceType[];
}

/** Pipeline types that work with some kinds of service only, in every version. */
const pairings: readonly Pairing[] = [
  {
    pipelineTypes: ['usage', 'lineage', 'profiler', 'dbt', 'policyAgent'],
    serviceTypes: ['databaseService'],
  },
  {
    pipelineTypes: ['autoClassification'],
    serviceTypes: ['databaseService', 'storageService', 'messagingService'],
  },
  { pipelineTypes: ['TestSuite'], serviceTypes: ['testSuite', 'databaseService'] },
  { pipelineTypes: ['elasticSearchReindex', 'dataInsight'], serviceTypes: ['metadataService'] },
];

function list(values: readonly string[]): string {
  return `[${values.map((value) => `'${value}'`).join(', ')}]`;
}

function pairingRule({ pipelineTypes, serviceTypes }: Pairing): Rule {
  return {
    rule: `!(self.pipelineType in ${list(pipelineTypes)}) || self.service.type in ${list(serviceTypes)}`,
    message: `pipelineType ${pipelineTypes.join(', ')} needs a service.type of ${serviceTypes.join(' or ')}`,
    fieldPath: '.service.type',
  };
}

const METADATA_RULE: Rule = {
  rule: "self.pipelineType != 'metadata' || self.service.type != 'testSuite'",
  message:
    'a service.type of testSuite needs the pipelineType TestSuite: there is no metadata to read from it',
  fieldPath: '.service.type',
};

/** CEL on the specification of a pipeline: kind of pipeline and kind of service must fit. */
export const serviceTypeRules: readonly Rule[] = [...pairings.map(pairingRule), METADATA_RULE];
