import { parseArgs } from 'node:util';
import { type Generation, GENERATIONS } from '../airflow/generations.ts';

export interface DemoOptions {
  /** End when the run has ended, instead of staying up. */
  readonly once: boolean;
  /** Leave data and logs there. */
  readonly keep: boolean;
  readonly generation: Generation;
}

/** A command line that the demo does not understand; the message says what it does understand. */
export class WrongUsage extends Error {}

const USAGE = `usage: npm run demo [-- [--once] [--airflow 2|3] [--keep]]

  --once       end when the run has ended: 0 when it has succeeded, 1 otherwise
  --airflow    2 (Airflow 2.10.5) or 3 (Airflow 3.3.0); 3 when left out
  --keep       leave the directory with data and logs there at the end
`;

export function readOptions(args: readonly string[]): DemoOptions {
  const { once, keep, airflow } = parse(args);
  const generation = generationOf(airflow);
  if (generation === undefined) throw new WrongUsage(`There is no Airflow "${airflow}" here.\n\n${USAGE}`);
  return { once, keep, generation };
}

function parse(args: readonly string[]): { once: boolean; keep: boolean; airflow: string } {
  const flag = { type: 'boolean', default: false } as const;
  const airflow = { type: 'string', default: '3' } as const;
  try {
    return parseArgs({ args: [...args], options: { once: flag, keep: flag, airflow } }).values;
  } catch (error) {
    throw new WrongUsage(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function generationOf(airflow: string): Generation | undefined {
  if (airflow === '2') return GENERATIONS['2.10.5'];
  if (airflow === '3') return GENERATIONS['3.3.0'];
  return Object.values(GENERATIONS).find((generation) => generation.airflow === airflow);
}
