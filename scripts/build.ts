/**
 * Writes dist/, which is all that an image needs beside Node.js: the operator and its dependencies as few files, and the
 * loader that it hands to Airflow. The files depend on the sources alone, so that two builds are the same.
 */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { build, type BuildOptions, type Plugin } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

/** Some dependencies are CommonJS and ask for Node's own modules by `require`. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * The Kubernetes client does not say that its modules do nothing but export, which they do: without this all of its kinds would be
 * in the bundle, and take 10 MB of memory.
 */
const KUBERNETES_CLIENT: Plugin = {
  name: 'kubernetes-client',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.|^@kubernetes\/client-node$/ }, async (args) => {
      const isAsked = args.pluginData === KUBERNETES_CLIENT.name;
      if (isAsked || !`${args.importer} ${args.path}`.includes('@kubernetes/client-node')) return undefined;
      const { path, kind, importer, resolveDir } = args;
      const options = { kind, importer, resolveDir, pluginData: KUBERNETES_CLIENT.name };
      return { ...(await bundler.resolve(path, options)), sideEffects: false };
    });
  },
};

const OPTIONS: BuildOptions = {
  absWorkingDir: ROOT,
  entryPoints: ['src/main.ts'],
  // As deep below dist/ as the sources are below the root: the operator finds loader/ by the same relative address.
  outdir: 'dist/lib/operator',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // The same result with tsconfig.json beside it and without.
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  // What is imported on first use, the schemas of each OpenMetadata, stays in files of its own.
  splitting: true,
  plugins: [KUBERNETES_CLIENT],
  chunkNames: '[name]-[hash]',
  outExtension: { '.js': '.mjs' },
  banner: { js: REQUIRE },
  minifySyntax: true,
  minifyWhitespace: true,
  // Stack traces and logs go on naming functions and classes as the sources do.
  keepNames: true,
  legalComments: 'linked',
  logLevel: 'warning',
};

rmSync(DIST, { recursive: true, force: true });
await build(OPTIONS);
for (const file of ['dag_loader.py', 'airflowignore']) {
  cpSync(join(ROOT, 'loader', file), join(DIST, 'loader', file));
}
