import { copyFileSync, existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { withLock } from '../support/lock.ts';
import type { Progress, Report } from '../support/progress.ts';
import { runCommandOrThrow } from '../support/runCommand.ts';
import type { AirflowEnvironment } from './environment.ts';
import { airflowProcessEnvironment, type HomeLayout, layoutOf, newSecret } from './settings.ts';

export const ADMIN = { username: 'admin', password: 'admin' } as const;

/** An AIRFLOW_HOME with a migrated database that has the administrator; copied from a template in the cache. */
export async function prepareHome(
  environment: AirflowEnvironment,
  home: string,
  progress: Progress,
): Promise<HomeLayout> {
  const template = await ensureTemplate(environment, progress);
  const layout = layoutOf(realpathSync(home));
  const { dagsFolder, generatedConfigs, logs, workingDirectory } = layout;
  for (const directory of [dagsFolder, generatedConfigs, logs, workingDirectory]) {
    mkdirSync(directory, { recursive: true });
  }
  if (!existsSync(layout.database)) copyFileSync(template.database, layout.database);
  return layout;
}

/** Airflow must be stopped; its next start takes a new database from the template. */
export function removeDatabase(home: string): void {
  const { database } = layoutOf(home);
  for (const file of [database, `${database}-wal`, `${database}-shm`]) rmSync(file, { force: true });
}

/** The home with a migrated database that others are copied from. */
export async function ensureTemplate(
  environment: AirflowEnvironment,
  progress: Progress,
): Promise<HomeLayout> {
  const layout = layoutOf(join(environment.directory, 'home-template'));
  if (isComplete(layout)) return layout;
  const title = `preparing a database for Airflow ${environment.generation.airflow}`;
  await progress.step(title, (report) => makeTemplate(environment, layout, report), 40);
  return layout;
}

function isComplete(layout: HomeLayout): boolean {
  return existsSync(markerOf(layout));
}

function markerOf(layout: HomeLayout): string {
  return join(layout.home, 'complete');
}

async function makeTemplate(
  environment: AirflowEnvironment,
  layout: HomeLayout,
  report: Report,
): Promise<void> {
  await withLock(`${layout.home}.lock`, async () => {
    if (isComplete(layout)) return;
    rmSync(layout.home, { recursive: true, force: true });
    mkdirSync(layout.home);
    await fillDatabase(environment, layout, report);
    writeFileSync(markerOf(layout), '');
  });
}

async function fillDatabase(
  environment: AirflowEnvironment,
  layout: HomeLayout,
  report: Report,
): Promise<void> {
  const airflow = join(environment.bin, 'airflow');
  const env = airflowProcessEnvironment(environment, layout, 'http://127.0.0.1:8080', newSecret());
  report('migrating');
  await runCommandOrThrow(airflow, ['db', 'migrate'], { env, timeoutMs: 300_000 });
  report('creating the administrator');
  await runCommandOrThrow(airflow, createAdministrator(), { env, timeoutMs: 300_000 });
  useWriteAheadLog(layout.database);
}

function createAdministrator(): string[] {
  const { username, password } = ADMIN;
  const names = ['--firstname', 'Ada', '--lastname', 'Admin', '--email', 'admin@example.org'];
  return ['users', 'create', '--role', 'Admin', '--username', username, '--password', password, ...names];
}

/** A property of the file. Without it readers and writers of SQLite keep each other waiting ("database is locked"). */
function useWriteAheadLog(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL');
  database.close();
}
