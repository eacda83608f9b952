import type { DeployDocument } from './deployDocument.ts';
import type { AirflowGeneration } from './fakeAirflow.ts';
import type { Profile } from './profile.ts';
import type { ParsedDag } from './world.ts';

/** The DAG that the plugin's code makes of a document. */
export function dagOf(profile: Profile, dagId: string, document: DeployDocument): ParsedDag {
  return {
    dagId,
    description: document.description ?? '',
    tags: tagsOf(profile.generation, document),
    pauseOnCreation: document.airflowConfig['pausePipeline'] === true,
    startsAtParse: startsAtParse(profile, document),
  };
}

function startsAtParse({ generation }: Profile, { airflowConfig }: DeployDocument): boolean {
  const isScheduled = typeof airflowConfig['scheduleInterval'] === 'string';
  return generation === '3.3.0' || (generation === '2.10.5' && !isScheduled);
}

function tagsOf(generation: AirflowGeneration, document: DeployDocument): string[] {
  if (generation === '2.7.3') {
    return ['OpenMetadata', document.pipelineType];
  }
  return [
    'OpenMetadata',
    (document.displayName ?? document.name).slice(0, 90),
    `type:${document.pipelineType}`,
    `service:${document.service?.name ?? ''}`,
  ];
}
