import { fileURLToPath } from 'node:url';

/** One pair of an Airflow and the OpenMetadata packages of its time that the operator is tested with. */
export interface Generation {
  readonly airflow: '2.7.3' | '2.10.5' | '3.3.0';
  readonly major: 2 | 3;
  /** Of the plugin and of the ingestion library; the server's major and minor version must be the same. */
  readonly openMetadata: string;
  /** Below Airflow's address. */
  readonly pluginPath: string;
  readonly coreApiPath: string;
  /** Best first. With others the locked packages have no wheels or do not run. */
  readonly pythons: readonly string[];
  readonly lockFile: string;
}

export const GENERATIONS: Record<Generation['airflow'], Generation> = {
  '2.7.3': {
    ...airflow2('2.7.3'),
    openMetadata: '1.3.3',
    pythons: ['3.10', '3.11', '3.9'],
  },
  '2.10.5': {
    ...airflow2('2.10.5'),
    openMetadata: '1.10.2',
    pythons: ['3.11', '3.10'],
  },
  '3.3.0': {
    airflow: '3.3.0',
    major: 3,
    openMetadata: '2.0.5',
    pluginPath: '/pluginsv2/api/v2/openmetadata',
    coreApiPath: '/api/v2',
    pythons: ['3.12', '3.11', '3.10', '3.13'],
    lockFile: lockFileOf('3.3.0'),
  },
};

function airflow2(
  airflow: '2.7.3' | '2.10.5',
): Pick<Generation, 'airflow' | 'major' | 'pluginPath' | 'coreApiPath' | 'lockFile'> {
  return {
    airflow,
    major: 2,
    pluginPath: '/api/v1/openmetadata',
    coreApiPath: '/api/v1',
    lockFile: lockFileOf(airflow),
  };
}

function lockFileOf(airflow: Generation['airflow']): string {
  return fileURLToPath(import.meta.resolve(`./requirements/${airflow}.txt`));
}
