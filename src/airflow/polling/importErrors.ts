import type { DagView } from '../../domain/dagView.ts';
import type { Airflow, ImportError } from '../airflow.ts';
import { meansNoCoreApi } from './pollerState.ts';

/** A traceback tells its reason at the end. */
const longestText = 2_000;

/** Import errors, by the name of their file. */
export type ImportErrors = ReadonlyMap<string, readonly ImportError[]>;

/** Whether an import error may be why a DAG of ours is not as it should be, or is to be taken back. */
export function wantsImportErrors(view: DagView | undefined): boolean {
  return !view?.registered || view.dag?.hasImportErrors === true || view.importError !== undefined;
}

/** All import errors; undefined where the user may not see them, which is no reason to stop looking at DAGs. */
export async function readImportErrors(
  airflow: Airflow,
  signal: AbortSignal,
): Promise<ImportErrors | undefined> {
  try {
    const errors = await airflow.listImportErrors(signal);
    return Map.groupBy(errors, ({ fileLocation }) => fileName(fileLocation));
  } catch (error) {
    if (meansNoCoreApi(error)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * The end of the import error of a DAG's file, or, for a DAG that Airflow does not know, of the file that the plugin would
 * have made. Airflow 3 names files relative to their bundle.
 */
export function importErrorText(
  errors: ImportErrors,
  dagId: string,
  fileLocation = `/${dagId}.py`,
): string | undefined {
  const candidates = errors.get(fileName(fileLocation)) ?? [];
  return candidates
    .find((candidate) => isSameFile(candidate.fileLocation, fileLocation))
    ?.stackTrace.slice(-longestText);
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function isSameFile(left: string, right: string): boolean {
  const [shorter = '', longer = ''] = [slashed(left), slashed(right)].toSorted((a, b) => a.length - b.length);
  return longer.endsWith(shorter);
}

function slashed(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
