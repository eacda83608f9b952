import type { DagView } from '../../domain/dagView.ts';
import { loaderFile } from '../../domain/loaderFile.ts';
import { shardOf } from '../../domain/naming.ts';
import { keyOf } from '../shared/references.ts';
import { findDagOfLoader } from './askReparse.ts';
import type { Deployment } from './deployment.ts';

/** Where the document stands, for people. */
export function describePlace({ client, kind, location }: Deployment): string {
  return `${kind} ${client.metadata.namespace}/${location.configMap} under ${location.key}`;
}

/** What a DAG that does not come out of the mount may be due to. */
export function describeMissing(deployment: Deployment, { dag }: DagView): string {
  const { deps, pass, client, connection, location } = deployment;
  const minutes = Math.round(deps.settings.mountPatience / 60_000);
  const shard = shardOf(location.configMap) ?? '';
  const loader = loaderFile(shard);
  const found = findDagOfLoader(deps.index.dagIdsOf(keyOf(client)), connection.poller, shard);
  const start = `Airflow has not read DAG ${pass.dagId} from ${describePlace(deployment)} within ${minutes} min.`;
  if (dag?.isActive === true && dag.fileLocation.endsWith(`/${dag.dagId}.py`)) {
    return `${start} The file that the managed APIs made is still there and comes first: see that they may delete ${dag.fileLocation}.`;
  }
  return found === undefined
    ? `${start} See that every container of Airflow mounts the ConfigMaps and Secrets of PipelineServiceClient ${keyOf(client)} at dag_generated_configs in its DAGs folder (docs/pipelineserviceclient.md), and look for ${loader} in the log of the DAG processor (Airflow 2: scheduler).`
    : `${start} It does read ${loader}: look for ${location.key} in the log of the DAG processor (Airflow 2: scheduler).`;
}
