import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ControlPlane } from '../control-plane/controlPlane.ts';
import { type OperatorProcess, type Program, startOperator } from '../harness/operatorProcess.ts';
import type { Right } from './rights.ts';

const Deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        serviceAccountName: z.string(),
        containers: z.tuple([z.object({ args: z.array(z.string()) })]),
      }),
    }),
  }),
});

const AuditEvent = z.object({
  verb: z.string(),
  requestURI: z.string(),
  user: z.object({ username: z.string() }),
  objectRef: z
    .object({
      resource: z.string().default(''),
      subresource: z.string().optional(),
      apiGroup: z.string().default(''),
      namespace: z.string().optional(),
    })
    .optional(),
  responseStatus: z.object({ code: z.number() }).optional(),
});
type AuditEvent = z.infer<typeof AuditEvent>;

/** A Deployment of the operator that was installed on a plane, whose pod is started by hand, as there is no node. */
export interface Installation {
  /** With the flags and under the service account of the Deployment. */
  start(program: Program, flags?: Readonly<Record<string, string>>): Promise<OperatorProcess>;
  /** What its service account asked for and was not allowed. */
  refusals(): string[];
  /** The rights that its service account made use of, sorted. */
  usedRights(): Right[];
}

export async function findInstallation(
  plane: ControlPlane,
  namespace: string,
  name: string,
): Promise<Installation> {
  const { stdout } = await plane.kubectl([
    'get',
    'deployment',
    name,
    `--namespace=${namespace}`,
    '--output=json',
  ]);
  const { serviceAccountName, containers } = Deployment.parse(JSON.parse(stdout)).spec.template.spec;
  const username = `system:serviceaccount:${namespace}:${serviceAccountName}`;

  function requests(): AuditEvent[] {
    const lines = readFileSync(plane.auditLog, 'utf8').trimEnd().split('\n');
    return lines
      .map((line) => AuditEvent.parse(JSON.parse(line)))
      .filter(({ user, responseStatus }) => user.username === username && responseStatus !== undefined);
  }

  return {
    async start(program, flags) {
      const kubeconfig = await plane.serviceAccountKubeconfig(namespace, serviceAccountName);
      const given = Object.fromEntries(containers[0].args.map((arg) => splitFlag(arg)));
      return startOperator({
        kubeconfig,
        directory: plane.directory,
        program,
        flags: { ...given, ...flags },
      });
    },
    refusals: () =>
      requests()
        .filter(({ responseStatus }) => responseStatus?.code === 403)
        .map(({ verb, requestURI }) => `${verb} ${requestURI}`),
    usedRights: () =>
      [...new Set(requests().flatMap(({ verb, objectRef }) => rightOf(verb, objectRef)))].toSorted(),
  };
}

function splitFlag(arg: string): [string, string] {
  const [, name = '', value = ''] = /^--([^=]+)=(.*)$/.exec(arg) ?? [];
  return [name, value];
}

function rightOf(verb: string, reference: AuditEvent['objectRef']): Right[] {
  if (reference === undefined) return [];
  const { resource, subresource, apiGroup } = reference;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  return [`${verb} ${apiGroup === '' ? what : `${what}.${apiGroup}`}`];
}
