import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const SOURCE = join(import.meta.dirname, '..', 'src');

/** What each folder of src may import of the others; `*.ts` directly in src are folders of their own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  api: [],
  domain: ['api'],
  http: ['domain'],
  kube: ['api', 'domain'],
  controller: ['domain'],
  airflow: ['api', 'domain', 'http'],
  openmetadata: ['api', 'domain', 'http'],
  observe: [],
  reconcilers: ['api', 'domain', 'kube', 'controller', 'airflow', 'openmetadata'],
  operator: [
    'api',
    'domain',
    'kube',
    'controller',
    'airflow',
    'openmetadata',
    'reconcilers',
    'observe',
    'config.ts',
  ],
  'main.ts': ['kube', 'observe', 'operator', 'config.ts'],
  'config.ts': [],
};

/** Packages that only some folders may import at run time. */
const RESERVED: Readonly<Record<string, readonly string[]>> = {
  '@kubernetes/client-node': ['kube'],
  undici: ['kube'],
  axios: ['http'],
  'prom-client': ['observe', 'main.ts'],
  pino: ['observe'],
  croner: ['domain'],
  zod: ['api', 'domain', 'kube', 'airflow', 'openmetadata', 'reconcilers', 'config.ts'],
};

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly specifier: string;
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.split(sep).includes('testing'),
);
const imports = files.flatMap((file) => importsOf(file));

describe('the folders of src', () => {
  test('import each other in one direction only', () => {
    const wrong = imports.filter(({ file, folder, specifier }) => {
      const target = targetFolder(file, specifier);
      return target !== undefined && target !== folder && MAY_IMPORT[folder]?.includes(target) !== true;
    });

    expect(wrong).toEqual([]);
  });

  test('leave each library to the folder that it belongs to', () => {
    const wrong = imports.filter(
      ({ folder, specifier }) => RESERVED[specifier] !== undefined && !RESERVED[specifier].includes(folder),
    );

    expect(wrong).toEqual([]);
  });

  test('read the environment and end the process only where that is allowed', () => {
    const texts = new Map(files.map((file) => [file, readFileSync(join(SOURCE, file), 'utf8')]));

    expect(filesWith(texts, 'process.env')).toEqual(['config.ts']);
    expect(filesWith(texts, 'process.exit')).toEqual(['main.ts']);
  });

  test('keep the decisions free of clocks, chance and the outside', () => {
    const domain = files.filter((file) => file.startsWith(`domain${sep}`));
    const impure = domain.filter((file) =>
      /Date\.now|Math\.random|from .node:(?!crypto)|\bfetch\(/.test(readFileSync(join(SOURCE, file), 'utf8')),
    );

    expect(impure).toEqual([]);
  });
});

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  const matches = text.matchAll(/^(?:import|export)[^;]*?from '([^']+)';/gm);
  return [...matches].map(([, specifier = '']) => ({ file, folder: folderOf(file), specifier }));
}

function targetFolder(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) {
    return undefined;
  }
  return folderOf(relative(SOURCE, resolve(SOURCE, dirname(file), specifier)));
}

function folderOf(file: string): string {
  return file.split(sep)[0] ?? file;
}

function filesWith(texts: ReadonlyMap<string, string>, part: string): string[] {
  return [...texts].filter(([, text]) => text.includes(part)).map(([file]) => file);
}
