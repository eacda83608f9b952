import { ANNOTATIONS } from '../../api/group.ts';
import { waiting, type Halt } from '../shared/halt.ts';

/** A deletion that waits, why, and how to get out of it. */
export function stillDeleting(message: string, checkAfter: number): Halt {
  const remedy = `To leave the DAG behind, annotate the pipeline with ${ANNOTATIONS.forceOrphan}=true.`;
  return waiting(
    { type: 'Ready', status: 'False', reason: 'Deleting', message: `${message} ${remedy}` },
    checkAfter,
  );
}
