// A benchmark's TypeScript as modules, built as the application is.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { NODE_MODULES, ROOT } from '../../scripts/bootstrap/paths.mjs';
import { kernels } from '../../scripts/kernels/vite-plugin.mjs';

/** Builds files (by the names of their modules, relative to the checkout) into a folder of the cache, and names it. */
export async function buildModules(name, files, external = []) {
  const outDir = path.join(NODE_MODULES, '.cache', `bench-${name}`);
  const input = Object.fromEntries(
    Object.entries(files).map(([module, file]) => [module, path.join(ROOT, file)]),
  );
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    plugins: [kernels()],
    build: {
      ssr: true,
      outDir,
      target: 'node20',
      minify: false,
      rolldownOptions: { input, output: { entryFileNames: '[name].js' } },
    },
    ssr: { noExternal: true, external: ['better-sqlite3', 'sharp', ...external] },
  });
  return outDir;
}

/** A module of a folder that `buildModules` made. */
export const loadModule = (folder, module) => import(pathToFileURL(path.join(folder, `${module}.js`)).href);

/** Builds `entry` (relative to the checkout) and loads it. */
export async function loadBundle(name, entry) {
  const module = path.basename(entry, '.ts');
  return loadModule(await buildModules(name, { [module]: entry }), module);
}
