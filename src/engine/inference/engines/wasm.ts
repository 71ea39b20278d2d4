/** TF.js models over WebAssembly: everywhere, without any component. One thread: in Node TF.js has no more. */
import path from 'node:path';
import type * as Wasm from '@tensorflow/tfjs-backend-wasm';
import type { ModelFile } from '../model-file';
import type { ModelSession } from './session';
import { BackendUnavailable } from './session';
import { core, openTfjsSession, requirePackage } from './tfjs';

/** Folder of the package's WebAssembly files; outside the archive of a packaged app, where a file can be mapped. */
function wasmFolder(): string {
  const manifest = requirePackage.resolve('@tensorflow/tfjs-backend-wasm/package.json');
  const folder = path.join(path.dirname(manifest), 'wasm-out');
  return folder.replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2');
}

export async function openWasmSession(file: ModelFile): Promise<ModelSession> {
  if (file.details.form !== 'tfjs') throw new BackendUnavailable('WebAssembly runs TF.js models only');
  try {
    const wasm = requirePackage('@tensorflow/tfjs-backend-wasm') as typeof Wasm;
    wasm.setWasmPaths(`${wasmFolder()}${path.sep}`);
    const tf = core();
    await tf.setBackend('wasm');
    await tf.ready();
  } catch (error) {
    throw new BackendUnavailable(
      `WebAssembly does not start: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return openTfjsSession(file, 'wasm', 'processor (WebAssembly, one thread)');
}
