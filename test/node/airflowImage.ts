import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { archiveImage } from './plainImage.ts';

export const AIRFLOW_IMAGE = 'localhost/python-of-the-machine:1';
/** As in the images of Airflow. */
export const AIRFLOW_USER = 50_000;

/**
 * An archive of an image that has nothing of its own but the frame of a system: the Python of this machine and the
 * environment in the cache, gigabytes together, are mounted instead of being packed.
 */
export async function archiveAirflowImage(directory: string): Promise<string> {
  const files = join(directory, 'files');
  for (const path of ['etc', 'opt/airflow', 'root', 'tmp', 'usr']) {
    mkdirSync(join(files, path), { recursive: true });
  }
  for (const name of ['bin', 'lib', 'lib64', 'sbin']) symlinkSync(`usr/${name}`, join(files, name));
  // Airflow asks for the name of its user.
  writeFileSync(
    join(files, 'etc', 'passwd'),
    `airflow:x:${AIRFLOW_USER}:0::/opt/airflow:/usr/sbin/nologin\n`,
  );
  return archiveImage(directory, { name: AIRFLOW_IMAGE, files });
}
