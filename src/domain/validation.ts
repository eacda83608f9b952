import type { IngestionPipelineSpec } from '../api/ingestionPipeline.ts';
import { MAX_SOURCE_CONFIG_BYTES, sourceConfigBytes } from '../api/sourceConfigSize.ts';
import type { Verdict } from './conditions.ts';
import type { JsonObject } from './json.ts';
import { findPlaceholders } from './placeholders.ts';
import { scheduleFault } from './schedule.ts';
import { sourceConfigType } from './sourceConfigType.ts';

type Fault = Pick<Verdict, 'reason' | 'message'>;

/** What is wrong with a specification that the API server could not see, or undefined. */
export function findSpecFault(spec: IngestionPipelineSpec): Fault | undefined {
  return scheduleProblem(spec) ?? sizeProblem(spec) ?? typeProblem(spec);
}

/** Texts in the rendered document that Airflow's side would expand although nobody asked for it. */
export function findDollarFault(document: JsonObject): Fault | undefined {
  const [path] = findPlaceholders(document);
  return path === undefined
    ? undefined
    : {
        reason: 'DollarInValue',
        message:
          `${path} holds a dollar sign followed by a name. Airflow would replace that by an environment variable. ` +
          'Write the value so that no letter, underscore or brace follows the dollar sign (in a regular expression: [$]).',
      };
}

function scheduleProblem({ airflowConfig }: IngestionPipelineSpec): Fault | undefined {
  const fault = scheduleFault(airflowConfig?.scheduleInterval);
  return fault === undefined
    ? undefined
    : {
        reason: 'InvalidSpec',
        message: `spec.airflowConfig.scheduleInterval cannot be used: ${fault}. Give five cron fields, such as "0 3 * * *", or a preset such as @daily.`,
      };
}

function sizeProblem({ sourceConfig }: IngestionPipelineSpec): Fault | undefined {
  const bytes = sourceConfigBytes(sourceConfig);
  return bytes <= MAX_SOURCE_CONFIG_BYTES
    ? undefined
    : {
        reason: 'InvalidSpec',
        message: `spec.sourceConfig has ${bytes} bytes and may have ${MAX_SOURCE_CONFIG_BYTES}. Split the pipeline by filter patterns.`,
      };
}

function typeProblem({ pipelineType, service, sourceConfig }: IngestionPipelineSpec): Fault | undefined {
  const given = sourceConfig.config.type;
  const expected = sourceConfigType(pipelineType, service.type);
  if (given === undefined && expected === undefined) {
    return {
      reason: 'InvalidSourceConfig',
      message: `spec.sourceConfig.config.type is missing and cannot be told from pipelineType ${pipelineType} and service.type ${service.type}: set it.`,
    };
  }
  return given === undefined || expected === undefined || given === expected
    ? undefined
    : {
        reason: 'InvalidSourceConfig',
        message: `spec.sourceConfig.config.type is ${given}, but pipelineType ${pipelineType} of a ${service.type} needs ${expected}.`,
      };
}
