// A benchmark's TypeScript as one module, built as the application is.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { NODE_MODULES, ROOT } from '../../scripts/bootstrap/paths.mjs';
import { kernels } from '../../scripts/kernels/vite-plugin.mjs';

/** Builds `entry` (relative to the checkout) and loads it. */
export async function loadBundle(name, entry) {
  const outDir = path.join(NODE_MODULES, '.cache', `bench-${name}`);
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    plugins: [kernels()],
    build: {
      ssr: path.join(ROOT, entry),
      outDir,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: '[name].js' } },
    },
    ssr: { noExternal: true, external: ['better-sqlite3', 'sharp'] },
  });
  return import(pathToFileURL(path.join(outDir, `${path.basename(entry, '.ts')}.js`)).href);
}
