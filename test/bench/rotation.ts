import { FLEET } from '../harness/fleet.ts';
import type { FakeWorld } from '../harness/fakeWorld.ts';
import { secretManifest } from '../harness/manifests.ts';
import { eventually } from '../support/eventually.ts';
import { secondsSince, tellFigure } from '../support/figures.ts';

/** How soon the operator notices a Secret that has changed, with its usual refresh. */
export async function measureRotation({ airflow, cluster, secrets, token }: FakeWorld): Promise<void> {
  const deploys = airflow.deploys().length;
  const password = secrets.plant('second-password');
  airflow.setPassword(password);
  const started = Date.now();
  await cluster.apply(secretManifest({ namespace: FLEET, name: 'credentials' }, { password, token }));
  await eventually(
    () => {
      if (!airflow.calls.some(({ body, status }) => status === 201 && body.includes(password))) {
        throw new Error('the new password has not been used');
      }
    },
    { timeoutMs: 120_000 },
  );
  tellFigure('password of Airflow changed to used', secondsSince(started));
  tellFigure('deploys because of it', String(airflow.deploys().length - deploys));
}
