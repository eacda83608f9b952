import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { airflowCharts, mountValues, type SecretVariable } from '../src/domain/mountValues.ts';

const HELP = `Prints values for the chart openmetadata-dependencies that mount the shards of a client into Airflow.

npm run mount-values -- [options]
  --chart=${airflowCharts.join('|')}  openmetadata-dependencies from 1.11.3 on, or up to 1.11.2; default official
  --name=NAME                 configMap.name of the client; default dag-generated-configs
  --shards=COUNT              configMap.shards of the client; default 16
  --env=VARIABLE=SECRET/KEY   a variable of Airflow's environment from a Secret, such as jwtTokenEnv; repeatable
`;

function main(args: readonly string[]): string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      chart: { type: 'string', default: 'official' },
      name: { type: 'string', default: 'dag-generated-configs' },
      shards: { type: 'string', default: '16' },
      env: { type: 'string', multiple: true, default: [] },
    },
  });
  if (values.help) {
    return HELP;
  }
  const chart = airflowCharts.find((candidate) => candidate === values.chart);
  if (chart === undefined) {
    throw new Error(`--chart must be one of ${airflowCharts.join(', ')}`);
  }
  const shards = Number(values.shards);
  if (!Number.isInteger(shards) || shards < 1 || shards > 100) {
    throw new Error('--shards must be a whole number from 1 to 100');
  }
  const environment = values.env.map((text) => secretVariable(text));
  return stringify(mountValues({ chart, configMapName: values.name, shards, environment }));
}

function secretVariable(text: string): SecretVariable {
  const [, variable, secret, key] = /^([A-Za-z_]\w*)=([^/]+)\/([^/]+)$/.exec(text) ?? [];
  if (variable === undefined || secret === undefined || key === undefined) {
    throw new Error('--env must have the form VARIABLE=SECRET/KEY');
  }
  return { variable, secret, key };
}

try {
  process.stdout.write(main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  process.exitCode = 2;
}
