import { createAirflow, type AirflowOptions } from '../airflow/airflowClient.ts';
import { createDeployGate } from '../airflow/deployGate.ts';
import { createPoller } from '../airflow/poller.ts';
import { createOpenMetadata } from '../openmetadata/client.ts';
import { createConnections, type Connections } from '../reconcilers/shared/connections.ts';
import { guardByLead } from '../reconcilers/shared/leadGuard.ts';
import type { OperatorOptions } from './options.ts';
import type { World } from './world.ts';

/** Makes the connections to Airflow and OpenMetadata with real doors, and routes what they notice. */
export function connectionsTo(
  options: OperatorOptions,
  { index, routing, queues }: World,
  isHeld: () => boolean,
): Connections {
  const { settings, metrics, clock, random, log } = options;
  function meter(clientKey: string): AirflowOptions['onCall'] {
    return (verb, result, milliseconds) => metrics.airflowCall(clientKey, verb, result, milliseconds);
  }

  const connections = createConnections({
    createAirflow: (clientKey, airflow) =>
      guardByLead(createAirflow({ ...airflow, onCall: meter(clientKey) }), isHeld),
    createOpenMetadata,
    createPoller: (clientKey, airflow) =>
      createPoller({
        airflow,
        clock,
        random,
        log,
        activeInterval: settings['active-poll-seconds'] * 1000,
        idleInterval: settings['idle-poll-seconds'] * 1000,
        onRecovered: () => {
          connections.suspect(clientKey);
          queues.clients.queue.add(clientKey);
        },
        onChange: (dagIds) => routing.dagsChanged(clientKey, dagIds),
        interestingDagIds: () => index.dagIdsOf(clientKey),
      }),
    createGate: (limits) =>
      createDeployGate({ ...limits, clock, schedule, onTurn: (key) => queues.pipelines.queue.add(key) }),
  });
  return connections;
}

function schedule(callback: () => void, delayMilliseconds: number): () => void {
  const timer = setTimeout(callback, delayMilliseconds);
  return () => clearTimeout(timer);
}
