/**
 * Makes the component that runs ONNX models on NVIDIA cards: ONNX Runtime's part for CUDA and NVIDIA's libraries out of
 * their own wheels, beside a copy of the runtime.
 */
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { BadInput } from '../../../core/foundation/bad-input';
import type { Progress } from '../../../core/foundation/cancellation';
import type { ComponentPlace, InstalledComponent } from '../components/component';
import type { Wheel } from '../components/download';
import { installComponent } from '../components/install';
import { unzip } from '../components/unzip';
import { CUDA_LIBRARIES, cudaComponentName, onnxRuntimeVersion, RUNTIME_PACKAGES } from './component';

/** Of one version with the package `onnxruntime-node`. */
const WHEELS: readonly Wheel[] = [
  {
    project: 'onnxruntime-gpu',
    fileName: 'onnxruntime_gpu-1.30.0-cp311-cp311-manylinux_2_28_x86_64.whl',
    bytes: 246_658_419,
    sha256: '4fbf0c5d7b5fb99266c2e8a802e3e64af68bdc383e0f3c7349b985f1087eedaa',
  },
  {
    project: 'nvidia-cuda-runtime',
    fileName: 'nvidia_cuda_runtime-13.5.37-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    bytes: 2_504_024,
    sha256: 'df2b79a8852f10d1fef8c848489c49eebb5754051bf870202a862831412b179d',
  },
  {
    project: 'nvidia-cuda-nvrtc',
    fileName: 'nvidia_cuda_nvrtc-13.5.37-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    bytes: 58_185_930,
    sha256: '86b4d68058807988b7d9af5b44917a0601e9c337f35ccd657bfb3c759ff8d8bc',
  },
  {
    project: 'nvidia-cublas',
    fileName: 'nvidia_cublas-13.10.0.20-py3-none-manylinux1_x86_64.manylinux_2_5_x86_64.whl',
    bytes: 444_289_903,
    sha256: 'dcc6d63884c53d07e267ce7e6feac17b2538cebaafec5db865736c3e28e4dc84',
  },
  {
    project: 'nvidia-curand',
    fileName: 'nvidia_curand-10.4.5.25-py3-none-manylinux_2_27_x86_64.whl',
    bytes: 77_113_015,
    sha256: '22bb226a857e5888fe6b54ae465fc4371296bcff13a35f79e19691bcf454f529',
  },
  {
    project: 'nvidia-cufft',
    fileName: 'nvidia_cufft-12.5.0.14-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    bytes: 165_072_555,
    sha256: 'b8be26837a5abad2b5b74f3e92dd29f622a42934b355be0961a48712cbba23ad',
  },
  {
    project: 'nvidia-cudnn-cu13',
    fileName: 'nvidia_cudnn_cu13-9.28.1.4-py3-none-manylinux_2_27_x86_64.whl',
    bytes: 516_817_937,
    sha256: 'a54f205b1db1f2895d99f398754db1369816f0569dd459731f925635cf7b65ec',
  },
];
/** What the unpacked libraries and the copy of the runtime take, bytes. */
const ON_DISK = 2_430_000_000;

/** The runtime's parts for cards, as its loader names them. TensorRT's is left out: it needs a licence to be fetched. */
const PROVIDERS = /^onnxruntime\/capi\/(libonnxruntime_providers_(?:cuda|shared)\.so)$/;
/** Those of which nothing here asks are left out. */
const LIBRARY =
  /^nvidia\/[^/]+\/lib\/(lib(?:cudart|nvrtc|nvrtc-builtins|cublas|cublasLt|curand|cufft|cudnn\w*)\.so[.\d]*)$/;

const packages = createRequire(import.meta.url);

export interface CudaPlan {
  readonly wheels: readonly Wheel[];
  /** What is to be downloaded, and what it takes on disk; bytes. */
  readonly download: number;
  readonly disk: number;
}

/** Throws `BadInput` where there is no CUDA for this system. */
export function planCuda(): CudaPlan {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== 'linux-x64')
    throw new BadInput(
      'cuda-not-here',
      `CUDA for ONNX models is not set up on ${platform} by this version.`,
      'WebGPU and DirectML use graphics cards without it.',
    );
  return { wheels: WHEELS, download: WHEELS.reduce((sum, { bytes }) => sum + bytes, 0), disk: ON_DISK };
}

/** Below `bin`: the runtime's own libraries for this system. */
const nativeFolder = (runtime: string): string =>
  path.join(runtime, 'bin', 'napi-v6', process.platform, process.arch);

/** File by file, as the packaged app's archive is read: what copies whole folders does not know it. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target);
    else await copyFile(source, target);
  }
}

/** The runtime without what is for other systems, and the package that it stands on; its folder. */
async function copyRuntime(folder: string): Promise<string> {
  const manifest = packages.resolve('onnxruntime-node/package.json');
  const source = path.dirname(manifest);
  const runtime = path.join(folder, 'onnxruntime-node');
  await copyFolder(path.join(source, 'dist'), path.join(runtime, 'dist'));
  await copyFolder(nativeFolder(source), nativeFolder(runtime));
  await copyFile(manifest, path.join(runtime, 'package.json'));
  // Its manifest is not among its exports: the folder is found from the entry, `dist/cjs/index.js`.
  const common = path.resolve(createRequire(manifest).resolve('onnxruntime-common'), '..', '..', '..');
  await copyFolder(common, path.join(folder, 'onnxruntime-common'));
  return runtime;
}

/** Installs the component, or gives the one that is there. Throws `BadInput` where it cannot be had. */
export function installCuda(
  { wheels }: Pick<CudaPlan, 'wheels'>,
  place: ComponentPlace,
  progress: Progress,
): Promise<InstalledComponent> {
  const version = onnxRuntimeVersion();
  const make = async (folder: string, archives: readonly string[]) => {
    const runtime = await copyRuntime(path.join(folder, RUNTIME_PACKAGES));
    const placeOf = (entry: string): string | null => {
      const provider = PROVIDERS.exec(entry)?.[1];
      if (provider !== undefined) return path.join(nativeFolder(runtime), provider);
      const library = LIBRARY.exec(entry)?.[1];
      return library === undefined ? null : path.join(folder, CUDA_LIBRARIES, library);
    };
    for (const archive of archives) await unzip(archive, placeOf, progress);
    return { version, isGpu: true, binding: path.join(RUNTIME_PACKAGES, 'onnxruntime-node') };
  };
  return installComponent({ name: cudaComponentName(version), wheels, make }, place, progress);
}
