import { ANNOTATIONS } from '../../api/group.ts';
import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';

/** What asks for a check now, when it is another value than the one that was handled last. */
export function requestedAt({ metadata }: PipelineServiceClient): string | undefined {
  return metadata.annotations?.[ANNOTATIONS.requestedAt];
}
