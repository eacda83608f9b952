import { describe, expect, it } from 'vitest';
import { clientManifest, DAG_ID, pipelineManifest, specWithSecret } from '../testing/manifests.ts';
import {
  condition,
  createWorld,
  deployedWorld,
  message,
  readyWorld,
  respecify,
  type World,
} from '../testing/world.ts';

function deploys(world: World): number {
  return world.airflow.history.filter((change) => change.startsWith('deploy')).length;
}

async function worldWithSecret(openMetadata?: object): Promise<World> {
  const world = createWorld();
  world.shelf.setSecret('openmetadata/airflow-secrets', { password: 'planted-password' });
  world.shelf.setSecret('openmetadata/openmetadata-bot', { token: 'planted-token' });
  world.shelf.setSecret('team-a/dbt', { key: 'planted-value' });
  world.clients.create(clientManifest(openMetadata === undefined ? {} : { openMetadata }));
  world.pipelines.create(pipelineManifest(specWithSecret()));
  await world.pass(30);
  return world;
}

describe('a secret that is rotated', () => {
  it.each([
    ['the token of the bot', 'openmetadata/openmetadata-bot', { token: 'new-token' }],
    ['a value of the source configuration', 'team-a/dbt', { key: 'new-value' }],
  ])('(%s) is deployed once, and told as a rotation', async (_, secret, values) => {
    const world = await worldWithSecret();
    world.shelf.setSecret(secret, values);
    await world.pass(700);

    expect(deploys(world)).toBe(2);
    expect(world.events.of('SecretRotated')).toEqual([expect.stringContaining('A secret has changed.')]);
    expect(world.events.of('Deployed')).toHaveLength(1);
    expect(world.events.of('DriftCorrected')).toEqual([]);
  });

  it('deploys nothing where only the password of Airflow is new', async () => {
    const world = await worldWithSecret();
    world.shelf.setSecret('openmetadata/airflow-secrets', { password: 'new-password' });
    await world.pass(700);

    expect(deploys(world)).toBe(1);
    expect(condition(world, 'Ready')).toBe('True ReconcileSucceeded');
  });

  it('deploys nothing where the password is new, only Airflow knows the token, and no secret is in the document', async () => {
    const world = await readyWorld({ openMetadata: { jwtTokenEnv: 'OM_JWT' } });
    world.pipelines.create(pipelineManifest());
    await world.pass(30);
    world.shelf.setSecret('openmetadata/airflow-secrets', { password: 'new-password' });
    await world.pass(700);

    expect(deploys(world)).toBe(1);
  });
});

describe('a change of the specification', () => {
  it('is not told as a rotation', async () => {
    const world = await deployedWorld();
    respecify(world, { displayName: 'Orders' });
    await world.pass(30);

    expect(world.events.of('SecretRotated')).toEqual([]);
    expect(world.events.of('Deployed')).toHaveLength(2);
  });
});

describe('a secret that disappears', () => {
  it('stops nothing in Airflow, and the pipeline says so', async () => {
    const world = await worldWithSecret();
    world.shelf.removeSecret('team-a/dbt');
    await world.pass(700);

    expect(condition(world, 'Stalled')).toBe('True SecretNotFound');
    expect(message(world, 'Ready')).toContain('The DAG goes on as deployed.');
    expect(world.airflow.rows.get(DAG_ID)?.isPaused).toBe(false);
    expect(deploys(world)).toBe(1);
  });
});
