import { killStragglers } from './stragglers.ts';

/** Runs beside an Airflow and is told by SIGTERM that it has ended, whatever the way in which that came about. */
function main(workingDirectory: string): void {
  const waiting = setInterval(() => undefined, 3_600_000);
  process.once('SIGTERM', () => {
    killStragglers(workingDirectory);
    clearInterval(waiting);
  });
}

main(process.argv[2] ?? '');
