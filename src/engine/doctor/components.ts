/** Which parts the engine's process has: asked from the parts themselves. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import Database from 'better-sqlite3';
import type * as Onnx from 'onnxruntime-node';
import sharp from 'sharp';
import type { Component } from '../../contract/view-types';
import { findCuda } from '../inference/cuda/component';
import { findTensorflow } from '../inference/tensorflow/component';

/** Inference engines are packages of their own, loaded only when they are asked. */
const packages = createRequire(import.meta.url);

function sqlite(): Component {
  try {
    const nativeBinding = process.env['RETICLE_SQLITE_BINDING'];
    const db = new Database(':memory:', nativeBinding ? { nativeBinding } : {});
    const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
    db.close();
    return {
      name: 'sqlite',
      present: true,
      version,
      detail: nativeBinding ? 'compiled for this Node' : 'prebuilt',
      fix: null,
    };
  } catch (error) {
    return {
      name: 'sqlite',
      present: false,
      version: null,
      detail: error instanceof Error ? error.message : String(error),
      fix: 'Run npm start or npm test once: it sets SQLite up.',
    };
  }
}

/** Asked from the part itself; one that does not load is a line too. */
function inference(name: string, fix: string, look: () => Pick<Component, 'version' | 'detail'>): Component {
  try {
    return { name, present: true, ...look(), fix: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    return { name, present: false, version: null, detail: reason, fix };
  }
}

const versionOf = (name: string): string =>
  (packages(`${name}/package.json`) as { readonly version: string }).version;

const onnxRuntime = (): typeof Onnx => packages('onnxruntime-node') as typeof Onnx;

function onnx(): Component {
  return inference('onnx', 'Run npm ci again, then npm start.', () => {
    const providers = onnxRuntime()
      .listSupportedBackends()
      .filter(({ bundled }) => bundled)
      .map(({ name }) => name);
    return { version: versionOf('onnxruntime-node'), detail: `ONNX Runtime: ${providers.join(', ')}` };
  });
}

/** Linux's cards are reached through Vulkan, whose loader is a package of its own. */
const VULKAN_LOADER = 'libvulkan.so.1';

function hasVulkanLoader(): boolean {
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const usual = ['/lib', '/usr/lib', '/lib64', '/usr/lib64', '/usr/local/lib'].flatMap((folder) => [
    folder,
    path.join(folder, `${architecture}-linux-gnu`),
  ]);
  const own = (process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter(Boolean);
  return [...own, ...usual].some((folder) => existsSync(path.join(folder, VULKAN_LOADER)));
}

function webgpu(hasGraphics: boolean): Component {
  const needsLoader = hasGraphics && process.platform === 'linux' && !hasVulkanLoader();
  const fix = needsLoader
    ? 'sudo apt-get install libvulkan1 (or your system’s package of the Vulkan loader); until then models run on the processor.'
    : 'Nothing needs doing: models run on the processor.';
  return inference('webgpu', fix, () => {
    if (
      !onnxRuntime()
        .listSupportedBackends()
        .some(({ name }) => name === 'webgpu')
    )
      throw new Error('this ONNX Runtime has no WebGPU');
    if (!hasGraphics) throw new Error('ONNX Runtime over WebGPU: no graphics card was found');
    if (needsLoader)
      throw new Error(`ONNX Runtime over WebGPU: the Vulkan loader, ${VULKAN_LOADER}, is missing`);
    return { version: versionOf('onnxruntime-node'), detail: 'ONNX Runtime over WebGPU' };
  });
}

function cuda(dataFolder: string | null): Component {
  const fix = 'npm run setup:cuda, or Set up CUDA in the app; WebGPU uses an NVIDIA card without it.';
  return inference('cuda', fix, () => {
    const component = findCuda(dataFolder);
    if (!component) throw new Error('ONNX Runtime with CUDA: not installed');
    return { version: component.version, detail: `ONNX Runtime with CUDA: ${component.folder}` };
  });
}

function tensorflow(isGpu: boolean, dataFolder: string | null): Component {
  const what = isGpu ? 'TensorFlow on the graphics card' : 'TensorFlow on the processor';
  const command = `npm run setup:tensorflow${isGpu ? ' -- --gpu' : ''}`;
  return inference(
    isGpu ? 'tensorflow-gpu' : 'tensorflow',
    `${command}, or Set up TensorFlow in the app; ONNX and TF.js models run without it.`,
    () => {
      const component = findTensorflow(dataFolder, (found) => found.isGpu === isGpu);
      if (!component) throw new Error(`${what}: not installed`);
      return { version: component.version, detail: `${what}: ${component.folder}` };
    },
  );
}

/** SQLite, image decoding and the inference engines. `dataFolder`: the app's own; null on the command line. */
export function engineComponents(dataFolder: string | null): readonly Component[] {
  const card = gpu();
  return [
    sqlite(),
    {
      name: 'images',
      present: true,
      version: sharp.versions.sharp,
      detail: `libvips ${sharp.versions.vips}`,
      fix: null,
    },
    card,
    tensorflow(false, dataFolder),
    tensorflow(true, dataFolder),
    onnx(),
    webgpu(card.present),
    cuda(dataFolder),
    inference('wasm', 'Run npm ci again, then npm start.', () => ({
      version: versionOf('@tensorflow/tfjs-backend-wasm'),
      detail: 'TensorFlow.js over WebAssembly: TF.js models',
    })),
  ];
}

/** A graphics card that could run models: asked from the system, without any driver's library. */
function gpu(): Component {
  const isNvidia = existsSync('/proc/driver/nvidia/version');
  const isOther = existsSync('/dev/dri');
  return {
    name: 'gpu',
    present: isNvidia || isOther,
    version: null,
    detail: isNvidia
      ? 'an NVIDIA card with its driver'
      : isOther
        ? 'a graphics device'
        : 'no graphics card was found',
    fix: isNvidia || isOther ? null : 'Nothing needs doing: everything runs on the processor.',
  };
}

/** The Electron that the set-up chose or downloaded, as a line of `doctor`. */
export function electronComponent(root: string): Component {
  const executable = process.env['RETICLE_ELECTRON'];
  const folders = [
    executable ? path.dirname(executable) : null,
    path.join(root, 'node_modules', 'electron', 'dist'),
  ];
  const found = folders.find((folder) => folder !== null && existsSync(path.join(folder, 'version')));
  return found
    ? { name: 'electron', present: true, version: null, detail: found, fix: null }
    : {
        name: 'electron',
        present: false,
        version: null,
        detail: 'not set up yet',
        fix: 'Run npm start: it gets Electron where it is missing.',
      };
}
