/**
 * Makes the TensorFlow component: libtensorflow out of TensorFlow's own wheel, and the TF.js package's addon compiled
 * against it (or the one that ships with the app).
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { BadInput } from '../../../core/foundation/bad-input';
import type { Progress } from '../../../core/foundation/cancellation';
import type { ComponentPlace, InstalledComponent } from '../components/component';
import type { Wheel } from '../components/download';
import { installComponent } from '../components/install';
import { unzip } from '../components/unzip';
import { componentName, TENSORFLOW_VERSION } from './component';

const run = promisify(execFile);
const packages = createRequire(import.meta.url);

const WHEELS: Readonly<Record<string, Wheel>> = {
  'linux-x64': {
    project: 'tensorflow-cpu',
    fileName: `tensorflow_cpu-${TENSORFLOW_VERSION}-cp311-cp311-manylinux_2_27_x86_64.whl`,
    bytes: 273_829_956,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
  'linux-arm64': {
    project: 'tensorflow',
    fileName: `tensorflow-${TENSORFLOW_VERSION}-cp311-cp311-manylinux_2_27_aarch64.whl`,
    bytes: 281_828_020,
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  },
  'linux-x64-gpu': {
    project: 'tensorflow',
    fileName: `tensorflow-${TENSORFLOW_VERSION}-cp311-cp311-manylinux_2_27_x86_64.whl`,
    bytes: 572_440_367,
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  },
};

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
/** Of 13,035 headers the addon needs those below these. */
const HEADERS = ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring', 'xla/tsl/c/'];
const ADDON = 'tfjs_binding.node';

export interface InstallPlan {
  readonly isGpu: boolean;
  readonly wheel: Wheel;
  /** What is still to be downloaded, and what it takes on disk; bytes. */
  readonly download: number;
  readonly disk: number;
}

/** What CUDA and cuDNN add for graphics cards: nine wheels, of which sizes change with their versions. */
const CUDA_DOWNLOAD = 2_600_000_000;

/** Throws `BadInput` where there is no TensorFlow for this system. */
export function planInstall(isGpu: boolean): InstallPlan {
  const platform = `${process.platform}-${process.arch}`;
  const wheel = WHEELS[isGpu ? `${platform}-gpu` : platform];
  if (!wheel)
    throw new BadInput(
      'tensorflow-not-here',
      `TensorFlow${isGpu ? ' for graphics cards' : ''} is not set up on ${platform} by this version.`,
      'ONNX models and TF.js models run without it; a SavedModel can be converted with tf2onnx.',
    );
  const own = isGpu ? CUDA_DOWNLOAD : 0;
  return { isGpu, wheel, download: wheel.bytes + own, disk: wheel.bytes * 2.4 + own * 1.8 };
}

export interface InstallPlace extends ComponentPlace {
  /** The addon that ships with a packaged app; null: it is compiled, with g++. */
  readonly readyAddon: string | null;
  /** Folder of Node's headers, for compiling. */
  readonly nodeHeaders: string | null;
}

/** The addon that a package ships, so that its set-up needs no compiler; null in a checkout. `resources`: of the app. */
export function shippedAddon(resources: string): string | null {
  const file = path.join(resources, 'tensorflow', ADDON);
  return existsSync(file) ? file : null;
}

async function compileAddon(folder: string, headers: string, nodeHeaders: string | null): Promise<void> {
  const manifest = packages.resolve('@tensorflow/tfjs-node-gpu/package.json');
  const sources = path.join(path.dirname(manifest), 'binding');
  if (nodeHeaders === null || !existsSync(path.join(nodeHeaders, 'node_api.h')))
    throw new BadInput('headers-missing', 'Node’s headers are not there.', 'Run npm ci, then try again.');
  try {
    await run('g++', [
      ...['-O2', '-std=c++17', '-shared', '-fPIC', '-DNAPI_VERSION=8'],
      ...[`-I${nodeHeaders}`, `-I${headers}`],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(sources, name)),
      ...[`-L${folder}`, ...LIBRARIES.map((name) => `-l:${name}`), '-Wl,-rpath,$ORIGIN'],
      ...['-o', path.join(folder, ADDON)],
    ]);
  } catch (error) {
    const { code, stderr } = error as { code?: string | number; stderr?: string };
    throw code === 'ENOENT'
      ? new BadInput(
          'compiler-missing',
          'g++ is not there; it compiles the part between TF.js and TensorFlow.',
          'sudo apt-get install -y --no-install-recommends g++',
        )
      : new Error(`g++ ended with ${String(code)}: ${(stderr ?? '').slice(-2000)}`);
  }
}

/** A third of the libraries are symbols that nobody asks for; without `strip` they stay. */
async function strip(file: string): Promise<void> {
  await run('strip', ['--strip-unneeded', file]).catch(() => undefined);
}

/** CUDA and cuDNN, as the wheel's own metadata asks for them, beside the libraries as TensorFlow looks for them. */
async function addCuda(metadata: string, root: string, downloads: string, progress: Progress): Promise<void> {
  const needed = [...metadata.matchAll(/^Requires-Dist: (nvidia-[^;]+);.*extra == ["']and-cuda["']/gm)].map(
    ([, requirement]) => requirement!.trim(),
  );
  const folder = path.join(downloads, `cuda-${TENSORFLOW_VERSION}`);
  progress.report('Downloading CUDA and cuDNN', 0, null);
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', folder];
  const platform = [
    '--python-version',
    '3.11',
    '--platform',
    'manylinux_2_27_x86_64',
    '--platform',
    'manylinux2014_x86_64',
  ];
  try {
    await run('python3', [...download, ...platform, ...needed], { maxBuffer: 1 << 26 });
  } catch (error) {
    const { code, stderr } = error as { code?: string | number; stderr?: string };
    throw new BadInput(
      'download-failed',
      `CUDA cannot be downloaded: ${code === 'ENOENT' ? 'python3 is missing' : (stderr ?? '').trim().split('\n').at(-1)}.`,
      'It needs python3 with pip; then try again.',
    );
  }
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.whl')))
    await unzip(
      path.join(folder, name),
      (entry) => (/^nvidia\/[^/]+\/lib\/[^/]+\.so/.test(entry) ? path.join(root, ...entry.split('/')) : null),
      progress,
    );
  await rm(folder, { recursive: true });
}

/** Installs the component, or gives the one that is there. Throws `BadInput` where it cannot be had. */
export function installTensorflow(
  { isGpu, wheel }: InstallPlan,
  place: InstallPlace,
  progress: Progress,
): Promise<InstalledComponent> {
  const make = async (folder: string, [archive]: readonly string[]) => {
    const libraries = path.join(folder, 'tensorflow');
    const headers = path.join(folder, 'include');
    await unzip(
      archive!,
      (name) => {
        if (LIBRARIES.some((library) => name === `tensorflow/${library}`))
          return path.join(libraries, path.basename(name));
        const below = name.startsWith('tensorflow/include/')
          ? name.slice('tensorflow/include/'.length)
          : null;
        if (below !== null && HEADERS.some((start) => below.startsWith(start)))
          return path.join(headers, below);
        return name.endsWith('.dist-info/METADATA') ? path.join(folder, 'METADATA') : null;
      },
      progress,
    );
    const metadata = await readFile(path.join(folder, 'METADATA'), 'utf8');
    progress.report('Making it smaller', 0, null);
    for (const name of LIBRARIES) {
      await strip(path.join(libraries, name));
      await chmod(path.join(libraries, name), 0o755);
    }
    progress.check();
    progress.report('Compiling the addon', 0, null);
    if (place.readyAddon === null) await compileAddon(libraries, headers, place.nodeHeaders);
    else await copyFile(place.readyAddon, path.join(libraries, ADDON));
    if (isGpu) await addCuda(metadata, folder, place.downloads, progress);
    await rm(headers, { recursive: true });
    await rm(path.join(folder, 'METADATA'));
    return { version: TENSORFLOW_VERSION, isGpu, binding: path.join('tensorflow', ADDON) };
  };
  return installComponent({ name: componentName(isGpu), wheels: [wheel], make }, place, progress);
}
