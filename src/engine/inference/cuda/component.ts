/**
 * ONNX Runtime with CUDA: a copy of the runtime with its part for NVIDIA cards beside it, where the runtime looks for
 * it, and NVIDIA's own libraries. Where it may lie, and how it is loaded; `install.ts` makes it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type * as Ort from 'onnxruntime-node';
import type { InstalledComponent } from '../components/component';
import { componentHomes, readComponent } from '../components/component';

const packages = createRequire(import.meta.url);

/** Of the runtime's package: the part for cards fits no other. */
export const onnxRuntimeVersion = (): string =>
  (packages('onnxruntime-node/package.json') as { readonly version: string }).version;

/** Below the component: copies of the runtime's packages. */
export const RUNTIME_PACKAGES = 'node_modules';
/** Below the component: what CUDA and cuDNN are made of. */
export const CUDA_LIBRARIES = 'cuda';

export const cudaComponentName = (version: string = onnxRuntimeVersion()): string =>
  `onnxruntime-cuda-${version}-${process.platform}-${process.arch}`;

/** The app's data folder before the cache; null where there is no whole one for this runtime. */
export function findCuda(dataFolder: string | null): InstalledComponent | null {
  for (const home of componentHomes(dataFolder)) {
    const folder = path.join(home, cudaComponentName());
    const component = existsSync(folder) ? readComponent(folder) : null;
    if (component) return component;
  }
  return null;
}

/** glibc's: the library stays although the caller closes it again. */
const RTLD_NODELETE = 0x1000;
/** In the order of their needs: each finds those before it loaded, by their names. */
const LIBRARIES = ['cudart', 'nvrtc', 'cublasLt', 'cublas', 'curand', 'cufft', 'cudnn'].map(
  (name) => new RegExp(String.raw`^lib${name}\.so\.\d+$`),
);

/**
 * Loads a library that is no addon: Node closes it as it registers no module, but it stays, so that what asks for it by
 * its name finds it. A process's search path cannot be changed once it runs.
 */
function preload(file: string): void {
  const { RTLD_NOW, RTLD_GLOBAL } = os.constants.dlopen;
  try {
    process.dlopen({ exports: {} }, file, RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
  } catch {
    // As expected. Where it truly did not load, the runtime says so when it asks for it.
  }
}

/** The component's runtime in place of the package's own. */
export function loadCudaRuntime(component: InstalledComponent): typeof Ort {
  const folder = path.join(component.folder, CUDA_LIBRARIES);
  const names = readdirSync(folder);
  for (const library of LIBRARIES) {
    const name = names.find((candidate) => library.test(candidate));
    if (name !== undefined) preload(path.join(folder, name));
  }
  return packages(component.binding) as typeof Ort;
}
