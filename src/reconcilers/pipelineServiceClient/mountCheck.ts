import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import type { Connection } from '../shared/connection.ts';
import type { ClientVerdict } from './airflowCheck.ts';

/** Judges Mounted: the managed APIs need no ConfigMap, but a directory that they can write to. */
export function checkMount({ spec }: PipelineServiceClient, { findings }: Connection): ClientVerdict {
  if (spec.delivery === 'ConfigMap') {
    return {
      type: 'Mounted',
      status: 'False',
      reason: 'MountNotSeen',
      message:
        'This version of the operator cannot wait for mounted documents yet: set spec.delivery to ManagedAPI, or leave it out.',
    };
  }
  const fault = findings.deployFault;
  return fault?.kind === 'configsDirectoryReadOnly'
    ? { type: 'Mounted', status: 'False', reason: 'ConfigsDirectoryReadOnly', message: fault.message }
    : {
        type: 'Mounted',
        status: 'True',
        reason: 'MountNotNeeded',
        message: 'Documents are posted to the managed APIs.',
      };
}
