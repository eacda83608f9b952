import { z } from 'zod';
import type { Dag } from '../domain/dag.ts';
import type { DagRun } from '../domain/dagRun.ts';
import type { ImportError } from './airflow.ts';
import { utcTime } from './time.ts';

/** A DAG of Airflow 2 (`is_active`) or 3 (`is_stale`). */
export const DagItem = z
  .object({
    dag_id: z.string(),
    description: z.string().nullish(),
    is_paused: z.boolean().nullish(),
    is_active: z.boolean().nullish(),
    is_stale: z.boolean().nullish(),
    has_import_errors: z.boolean().nullish(),
    last_parsed_time: z.string().nullish(),
    fileloc: z.string().nullish(),
    file_token: z.string().nullish(),
  })
  .transform((item): Dag => ({
    dagId: item.dag_id,
    description: item.description ?? '',
    isPaused: item.is_paused ?? false,
    isActive: (item.is_active ?? true) && item.is_stale !== true,
    hasImportErrors: item.has_import_errors ?? false,
    ...utcTime('lastParsedTime', item.last_parsed_time),
    fileLocation: item.fileloc ?? '',
    ...(typeof item.file_token === 'string' && { fileToken: item.file_token }),
  }));

/** A run of Airflow 2 (`execution_date`) or 3 (`logical_date`, null for some). */
export const RunItem = z
  .object({
    dag_id: z.string(),
    dag_run_id: z.string(),
    state: z.enum(['queued', 'running', 'success', 'failed']),
    run_type: z.string().nullish(),
    start_date: z.string().nullish(),
    end_date: z.string().nullish(),
    logical_date: z.string().nullish(),
    execution_date: z.string().nullish(),
    run_after: z.string().nullish(),
  })
  .transform((item): DagRun => ({
    dagId: item.dag_id,
    runId: item.dag_run_id,
    state: item.state,
    trigger: item.run_type ?? 'manual',
    ...utcTime('startTime', item.start_date),
    ...utcTime('endTime', item.end_date),
    ...utcTime('logicalDate', item.logical_date ?? item.execution_date ?? item.run_after),
  }));

export const ImportErrorItem = z
  .object({
    filename: z.string().nullish(),
    stack_trace: z.string().nullish(),
    timestamp: z.string().nullish(),
  })
  .transform((item): ImportError => ({
    fileLocation: item.filename ?? '',
    stackTrace: item.stack_trace ?? '',
    ...utcTime('timestamp', item.timestamp),
  }));
