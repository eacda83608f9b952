import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileTail } from '../support/fileTail.ts';
import type { Parts } from './parts.ts';
import type { Screen } from './screen.ts';

const CONDITIONS =
  '{range .items[*]}{.kind} {.metadata.name}{"\\n"}' +
  '{range .status.conditions[*]}  {.type}={.status} {.reason}: {.message}{"\\n"}{end}{end}';

/** Says why the demo failed, and shows what helps to find the cause. */
export async function showFailure(error: unknown, parts: Parts | undefined, screen: Screen): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  screen.heading('It failed');
  screen.print(screen.style('red', reason));
  if (parts === undefined) return;
  await showConditions(parts, screen);
  for (const file of logsOf(parts)) {
    const tail = fileTail(file, 20);
    if (tail !== '') screen.print(`\n${screen.style('bold', `The end of ${file}`)}\n${tail}`);
  }
}

async function showConditions({ kubectl }: Parts, screen: Screen): Promise<void> {
  try {
    const kinds = 'pipelineserviceclients,ingestionpipelines';
    screen.print(`\n${await kubectl.quietly('get', kinds, `--output=jsonpath=${CONDITIONS}`)}`);
    screen.print(await kubectl.quietly('get', 'events', '--sort-by=.metadata.creationTimestamp'));
  } catch (error) {
    screen.print(String(error));
  }
}

function logsOf({ operator, airflow }: Parts): string[] {
  const logs = join(airflow.home, 'logs');
  const ofTasks = readdirSync(logs, { recursive: true, encoding: 'utf8' })
    .filter((name) => /dag_id=.*\.log$/.test(name))
    .toSorted();
  const ofProcesses = ['scheduler.log', 'dag-processor.log', 'api-server.log', 'webserver.log'];
  return [operator.logFile, ...[...ofProcesses, ...ofTasks].map((name) => join(logs, name))];
}
