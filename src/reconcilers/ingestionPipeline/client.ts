import type { PipelineServiceClient } from '../../api/pipelineServiceClient.ts';
import { isNamespaceAllowed } from '../../domain/allowedNamespaces.ts';
import { findCondition } from '../../domain/conditions.ts';
import { failed, stalled, type Halt } from '../shared/halt.ts';
import { clientKeyOf, keyOf } from '../shared/references.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Pass } from './pass.ts';

/** How long a reference may dangle before it counts as a fault: what is applied together does not arrive together. */
const PATIENCE = 120_000;
const RECHECK = 60_000;

/** The client that the pipeline refers to and may use. Halts with ClientNotFound or ClientNotAllowed. */
export async function findClient(deps: PipelineDependencies, pass: Pass): Promise<PipelineServiceClient> {
  const clientKey = clientKeyOf(
    pass.pipeline,
    (key) => deps.clients.get(key) !== undefined,
    deps.settings.defaultClient,
  );
  const client = clientKey === undefined ? undefined : deps.clients.get(clientKey);
  if (client === undefined) {
    throw clientNotFound(pass, clientKey);
  }
  if (!(await isAllowed(deps, pass, client))) {
    throw stalled(
      {
        type: 'Ready',
        reason: 'ClientNotAllowed',
        message: withConsequence(
          pass,
          `PipelineServiceClient ${keyOf(client)} does not admit pipelines from namespace ${pass.owner.namespace}: have its owner add the namespace to spec.allowedNamespaces, or use another client.`,
        ),
      },
      RECHECK,
    );
  }
  return client;
}

async function isAllowed(
  deps: PipelineDependencies,
  pass: Pass,
  client: PipelineServiceClient,
): Promise<boolean> {
  const { namespace } = pass.owner;
  const { allowedNamespaces } = client.spec;
  const needsLabels = allowedNamespaces?.from === 'Selector' && namespace !== client.metadata.namespace;
  const labels = needsLabels ? (await deps.readNamespace(namespace, pass.signal))?.labels : undefined;
  return isNamespaceAllowed(allowedNamespaces, client.metadata.namespace, {
    name: namespace,
    labels: labels ?? {},
  });
}

function clientNotFound(pass: Pass, clientKey: string | undefined): Halt {
  const message =
    clientKey === undefined
      ? `No PipelineServiceClient is named in spec.clientRef, none called "default" exists in namespace ${pass.owner.namespace}, and the operator has no default client: set spec.clientRef.`
      : `PipelineServiceClient ${clientKey} does not exist: create it, or correct spec.clientRef.`;
  return dangling(pass, { reason: 'ClientNotFound', message });
}

/** A reference to something that is not there: retried, and a fault once it has lasted. */
export function dangling(
  pass: Pass,
  finding: {
    readonly reason: 'ClientNotFound' | 'SecretNotFound' | 'SecretKeyNotFound';
    readonly message: string;
  },
): Halt {
  const { conditions = [] } = pass.before;
  const message = withConsequence(pass, finding.message);
  const wasStalled = findCondition(conditions, 'Stalled')?.reason === finding.reason;
  const reconciling = findCondition(conditions, 'Reconciling');
  const since =
    reconciling?.reason === finding.reason ? Date.parse(reconciling.lastTransitionTime) : pass.now;
  return wasStalled || pass.now - since >= PATIENCE
    ? stalled({ type: 'Ready', ...finding, message }, RECHECK)
    : failed({ type: 'Ready', ...finding, message });
}

/** What a reference that cannot be followed means for what was deployed before. */
function withConsequence({ before }: Pass, message: string): string {
  return before.deployed === undefined ? message : `${message} The DAG goes on as deployed.`;
}
