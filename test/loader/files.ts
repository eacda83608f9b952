import { join } from 'node:path';

/** The Python of this repository: what Airflow reads the mounted documents with, and its tests. */
export const LOADER_DIRECTORY = join(import.meta.dirname, '..', '..', 'loader');

/** The tools that check it. */
export const REQUIREMENTS = join(LOADER_DIRECTORY, 'requirements.txt');

/** Those that some supported Airflow runs on. */
export const PYTHONS: readonly string[] = ['3.12', '3.11', '3.10', '3.13', '3.9'];
