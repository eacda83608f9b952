import { describe, expect, it } from 'vitest';
import type { IngestionPipelineStatus } from '../../api/ingestionPipeline.ts';
import { createConfigShelf } from '../testing/configShelf.ts';
import { createConfigMapShards } from '../shared/configMapShards.ts';
import { createDocumentStore } from '../shared/documentStore.ts';
import { createSecretShards } from '../shared/secretShards.ts';
import { leaveFormerPlaces } from './formerPlaces.ts';

const FORMER = { namespace: 'openmetadata', name: 'documents-05', key: '05-orders.json' };
const LOCATION = { configMap: 'documents-01', key: '01-orders.json' };
const DEPLOYED = { hash: 'a', time: '2026-01-01T00:00:00Z', delivery: 'ConfigMap' as const };

/** What is left of the former places, and the place on the status, once Airflow has the DAG from this file. */
async function leave(fileLocation: string, former = [FORMER]): Promise<{ left: string[]; status: unknown }> {
  const shelf = createConfigShelf();
  former.forEach(({ namespace, name, key }) => shelf.texts.set(`${namespace}/${name}`, { [key]: '{}' }));
  const documents = createDocumentStore(
    createConfigMapShards(shelf.shards, shelf.configMaps),
    createSecretShards(shelf.reader, shelf.secretKeys, () => 0),
  );
  let status: IngestionPipelineStatus = {
    deployed: { ...DEPLOYED, configMap: FORMER.name, key: FORMER.key },
  };
  const pass = {
    signal: new AbortController().signal,
    noted: () => status,
    note: (part: IngestionPipelineStatus) => {
      status = { ...status, ...part };
    },
  };
  const dag = {
    dagId: 'orders',
    description: '',
    isPaused: false,
    isActive: true,
    hasImportErrors: false,
    fileLocation,
  };
  await leaveFormerPlaces(
    { documents },
    pass,
    { location: LOCATION, former },
    { registered: true, runs: [], dag },
  );
  return {
    left: [...shelf.texts.values()].flatMap((data) => Object.keys(data)),
    status: status.deployed?.configMap,
  };
}

describe('the former places of a document', () => {
  it('are left once Airflow makes the DAG from the new one', async () => {
    expect(await leave('/dags/dag_generated_configs/loader-01.py')).toEqual({
      left: [],
      status: LOCATION.configMap,
    });
  });

  it.each([
    ['by the loader of the former one', '/dags/dag_generated_configs/loader-05.py'],
    ['by a file of the managed APIs', '/dags/orders.py'],
  ])('stay while the DAG is made %s', async (_, fileLocation) => {
    expect(await leave(fileLocation)).toEqual({ left: [FORMER.key], status: FORMER.name });
  });

  it('stay where one of them is the same file in Airflow as the new one, which proves nothing', async () => {
    const renamed = { namespace: 'openmetadata', name: 'old-01', key: LOCATION.key };

    expect(await leave('/dags/dag_generated_configs/loader-01.py', [FORMER, renamed])).toEqual({
      left: [FORMER.key, renamed.key],
      status: FORMER.name,
    });
  });
});
