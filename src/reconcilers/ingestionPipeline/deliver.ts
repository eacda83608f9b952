import type { DagView } from '../../domain/dagView.ts';
import { deploy } from './deploy.ts';
import { deliveryOf, type Deployment } from './deployment.ts';
import { mount } from './mount.ts';

/**
 * Brings the rendered document to Airflow in the client's way, and sees that the scheduler knows it. Returns what Airflow
 * knows then; halts where it is not there yet, or cannot be. Throws AirflowError where Airflow cannot be read.
 */
export function deliver(deployment: Deployment): Promise<DagView> {
  const delivery = deliveryOf(deployment.client);
  switch (delivery) {
    case 'ManagedAPI':
      return deploy(deployment);
    case 'ConfigMap':
      return mount(deployment);
    default:
      return delivery satisfies never;
  }
}
