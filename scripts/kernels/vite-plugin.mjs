// Modules that the bundles get from the build: the compiled kernels, and the code of each thread as text (a worker is
// started from text, so that it needs no file of its own beside whatever bundle it is in).
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { compileKernels, SOURCES } from './compile.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BYTES_ID = 'virtual:kernel-bytes';
/** By the name of their module: the source, and the name that the text is exported under. */
const THREADS = {
  'virtual:kernel-thread': { source: 'src/engine/kernels/thread.ts', name: 'threadSource' },
  'virtual:diagnosis-thread': { source: 'src/engine/diagnosis/thread.ts', name: 'diagnosisThread' },
  'virtual:reading-thread': { source: 'src/engine/import/many/thread.ts', name: 'readingThread' },
};

async function bundleThread(source) {
  const { output } = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      ssr: path.join(ROOT, source),
      target: 'node20.17',
      minify: true,
      // A worker from text is CommonJS; it also starts a few milliseconds earlier.
      rolldownOptions: { output: { format: 'cjs' } },
    },
  });
  return output[0].code;
}

/** @returns {import('vite').Plugin} */
export function kernels() {
  return {
    name: 'reticle-kernels',
    resolveId: (id) => (id === BYTES_ID || Object.hasOwn(THREADS, id) ? `\0${id}` : null),
    async load(id) {
      if (id === `\0${BYTES_ID}`) {
        this.addWatchFile(path.join(SOURCES, 'index.ts'));
        return `export const kernelBytes = ${JSON.stringify((await compileKernels()).toString('base64'))};`;
      }
      const thread = Object.hasOwn(THREADS, id.slice(1)) ? THREADS[id.slice(1)] : null;
      return thread && `export const ${thread.name} = ${JSON.stringify(await bundleThread(thread.source))};`;
    },
  };
}
