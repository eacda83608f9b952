import { dagPermissions } from './airflowRoles.ts';
import { type PipelineCase, READY } from './case.ts';
import { lacking, userWith } from './users.ts';

const mayNotEdit = {
  type: 'Ready',
  status: 'False',
  reason: 'PermissionDenied',
  message: /could not enable the DAG: the user lacks can_edit on DAGs\. Give that permission to a role/,
} as const;

/** 403 that comes to light only when the pipeline is deployed; see also what clients tell. */
export const permissionPipelines: readonly PipelineCase[] = [
  {
    name: 'without-edit',
    situation: 'the user lacks can_edit on DAGs',
    async arrange(world) {
      const { mend, ...client } = await lacking(world, 'can_edit');
      return { client, ...(mend && { mend }) };
    },
    finding: mayNotEdit,
  },
  {
    name: 'four-permissions',
    situation: 'the user has the four permissions on DAGs and no other',
    arrange: async (world) => ({ client: await userWith(world, 'four-permissions', dagPermissions) }),
    finding: READY,
  },
];

/** Its DAG stays paused, so that to delete it is the next step. */
export const undeletable: PipelineCase = {
  name: 'undeletable',
  situation: 'the user lacks can_edit and can_delete on DAGs',
  arrange: async (world) => ({ client: await userWith(world, 'undeletable', ['can_create', 'can_read']) }),
  finding: mayNotEdit,
};
