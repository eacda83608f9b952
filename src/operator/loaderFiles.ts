import { readFileSync } from 'node:fs';
import type { LoaderFiles } from '../reconcilers/pipelineServiceClient/keepLoaders.ts';

const FOLDER = new URL('../../loader/', import.meta.url);

/** What Airflow needs beside the mounted documents. Throws where the installation lacks it. */
export function readLoaderFiles(): LoaderFiles {
  return {
    loader: readFileSync(new URL('dag_loader.py', FOLDER), 'utf8'),
    ignore: readFileSync(new URL('airflowignore', FOLDER), 'utf8'),
  };
}
