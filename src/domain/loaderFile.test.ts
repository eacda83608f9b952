import { expect, test } from 'vitest';
import { loaderFile, shardOfLoader } from './loaderFile.ts';

test.each(['/opt/airflow/dags/dag_generated_configs/loader-07.py', 'dag_generated_configs/loader-07.py'])(
  'a DAG of %s comes from the loader of that shard, wherever the folder is',
  (fileLocation) => {
    expect(shardOfLoader(fileLocation)).toBe('07');
  },
);

test.each(['/opt/airflow/dags/shop_orders.py', '/opt/airflow/dags/loader-7.py', '/dags/preloader-07.py'])(
  'a DAG of %s does not come from a loader',
  (fileLocation) => {
    expect(shardOfLoader(fileLocation)).toBeUndefined();
  },
);

test('what a shard calls its loader is found again', () => {
  expect(shardOfLoader(`/dags/${loaderFile('12')}`)).toBe('12');
});
