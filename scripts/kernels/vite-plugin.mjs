// Two modules that the bundles get from the build: the compiled kernels, and the code of a kernel thread as text (a
// worker is started from text, so that it needs no file of its own beside whatever bundle it is in).
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { compileKernels, SOURCES } from './compile.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const THREAD = path.join(ROOT, 'src', 'engine', 'kernels', 'thread.ts');
const BYTES_ID = 'virtual:kernel-bytes';
const THREAD_ID = 'virtual:kernel-thread';

async function bundleThread() {
  const { output } = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      ssr: THREAD,
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
    resolveId: (id) => (id === BYTES_ID || id === THREAD_ID ? `\0${id}` : null),
    async load(id) {
      if (id === `\0${BYTES_ID}`) {
        this.addWatchFile(path.join(SOURCES, 'index.ts'));
        return `export const kernelBytes = ${JSON.stringify((await compileKernels()).toString('base64'))};`;
      }
      if (id === `\0${THREAD_ID}`)
        return `export const threadSource = ${JSON.stringify(await bundleThread())};`;
      return null;
    },
  };
}
