import { absentDagCases } from './absentDagCases.ts';
import { connectionCases } from './connectionCases.ts';
import { deployCases } from './deployCases.ts';
import { fileCases } from './fileCases.ts';
import { refusedDeployCases } from './refusedDeployCases.ts';
import { runCases } from './runCases.ts';
import type { ContractCase } from './subject.ts';

/**
 * How the door to Airflow behaves, whatever is behind it. The same cases run against the fake and against each real Airflow,
 * so the fake cannot drift away from them.
 */
export const airflowContract: readonly ContractCase[] = [
  ...connectionCases,
  ...absentDagCases,
  ...deployCases,
  ...fileCases,
  ...refusedDeployCases,
  ...runCases,
];
