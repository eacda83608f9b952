import { z } from 'zod';

import { CRON_SCHEDULE } from './cronSchedule.ts';
import { flag, text, textOf, timestamp, wholeNumber } from './fields.ts';
import { rules } from './rule.ts';

/** When and how Airflow runs a pipeline. Field names are OpenMetadata's. */
export const AirflowConfig = z
  .object({
    scheduleInterval: textOf(
      CRON_SCHEDULE,
      'When the pipeline runs: five fields of cron, in UTC, or a preset such as @daily. Default: only on request.',
    ).optional(),
    pipelineTimezone: text(
      64,
      'Time zone, as recorded in OpenMetadata, such as Europe/Berlin. The managed APIs ignore it: schedules are in UTC. Default: UTC.',
    ).optional(),
    startDate: timestamp(
      'No run stands for a time before this. Newer managed APIs ignore it. Default: when the pipeline was deployed first.',
    ).optional(),
    endDate: timestamp('No run stands for a time after this. Default: no end.').optional(),
    retries: wholeNumber(0, 100, 'How often Airflow repeats a task that failed. Default: 0.').optional(),
    retryDelay: wholeNumber(
      1,
      86_400,
      'Seconds between two tries of a task. Some versions of the managed APIs ignore it. Default: 300.',
    ).optional(),
    concurrency: wholeNumber(1, 1000, 'Tasks of this pipeline that may run at once. Default: 1.').optional(),
    maxActiveRuns: wholeNumber(
      1,
      1000,
      'Runs of this pipeline that may be active at once. Default: 1.',
    ).optional(),
    pipelineCatchup: flag(
      'Whether Airflow makes up for the runs it missed since the start date. Default: false.',
    ).optional(),
    pausePipeline: flag(
      'Only false is accepted, for documents copied from OpenMetadata. To pause a pipeline use spec.suspend. Default: false.',
    ).optional(),
    workflowTimeout: wholeNumber(
      1,
      31_536_000,
      'Seconds that a run may take. The managed APIs count days, so it is rounded up to whole days. Default: no limit.',
    ).optional(),
    workflowDefaultView: text(
      32,
      'View that the web interface of Airflow 2 opens first, such as grid or graph. Default: that of the managed APIs.',
    ).optional(),
    workflowDefaultViewOrientation: z
      .enum(['LR', 'TB', 'RL', 'BT'])
      .meta({ description: 'Direction of the graph in the web interface of Airflow 2. Default: LR.' })
      .optional(),
    email: z
      .string()
      .min(6)
      .max(127)
      .meta({ description: 'Address of the owner. The managed APIs send nothing to it. Default: none.' })
      .optional(),
  })
  .meta(
    rules(
      {
        rule: '!has(self.startDate) || !has(self.endDate) || self.endDate > self.startDate',
        message: 'endDate must be later than startDate',
        fieldPath: '.endDate',
      },
      {
        rule: '!has(self.pausePipeline) || !self.pausePipeline',
        message: 'pausePipeline must be false: set spec.suspend to pause a pipeline',
        fieldPath: '.pausePipeline',
      },
    ),
  );

export type AirflowConfig = z.infer<typeof AirflowConfig>;
