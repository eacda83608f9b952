import { IngestionPipelineStatus } from '../../src/api/ingestionPipeline.ts';
import type { UserKubectl } from './userKubectl.ts';

export interface FollowOptions {
  readonly timeoutSeconds: number;
  /** Called with each status; true ends the wait. Throws where it is clear that it will not come to that. */
  readonly isEnough: (status: IngestionPipelineStatus) => boolean;
}

/** Watches a pipeline until its status is as wished, and returns that. Throws, with what it says last, when the time is over. */
export async function followPipeline(
  kubectl: UserKubectl,
  name: string,
  { timeoutSeconds, isEnough }: FollowOptions,
): Promise<IngestionPipelineStatus> {
  const args = ['get', 'ingestionpipeline', name, '--watch', '--output=jsonpath={.status}{"\\n"}'];
  let ready = 'it has no status yet';
  for await (const line of kubectl.lines(args, AbortSignal.timeout(timeoutSeconds * 1_000))) {
    const status = IngestionPipelineStatus.parse(line === '' ? {} : JSON.parse(line));
    if (isEnough(status)) return status;
    ready = conditionOf(status, 'Ready')?.message ?? ready;
  }
  throw new Error(`IngestionPipeline ${name} was not there after ${timeoutSeconds} s: ${ready}`);
}

type Condition = NonNullable<IngestionPipelineStatus['conditions']>[number];

export function conditionOf(
  { conditions = [] }: IngestionPipelineStatus,
  type: string,
): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}
