import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noProgress } from '../../../core/foundation/cancellation';
import { zipOf } from '../../import/hostile/archives.fixture';
import type { Wheel } from '../components/download';
import { CUDA_LIBRARIES, cudaComponentName } from './component';
import { installCuda, planCuda } from './install';

/** The packed names matter, not what is in them: the libraries themselves are 2 GB, and need a card to load. */
const CONTENTS: Readonly<Record<string, string>> = {
  'onnxruntime/capi/libonnxruntime_providers_cuda.so': 'part for cards',
  'onnxruntime/capi/libonnxruntime_providers_shared.so': 'what it shares',
  'onnxruntime/capi/libonnxruntime_providers_tensorrt.so': 'left out',
  'nvidia/cu13/lib/libcudart.so.13': 'CUDA',
  'nvidia/cu13/lib/libnvblas.so.13': 'left out',
  'nvidia/cudnn/lib/libcudnn_ops.so.9': 'cuDNN',
  'nvidia/cudnn/include/cudnn.h': 'left out',
};

let folder: string;
const place = () => ({ home: path.join(folder, 'components'), downloads: path.join(folder, 'downloads') });

/** A wheel that has been downloaded already, with a file of each kind. */
function wheelOf(contents: Readonly<Record<string, string>>): Wheel {
  const bytes = zipOf(contents);
  mkdirSync(place().downloads);
  writeFileSync(path.join(place().downloads, 'parts-1.0.whl'), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { project: 'parts', fileName: 'parts-1.0.whl', bytes: bytes.length, sha256 };
}

/** In a process of its own, as each has one runtime: a model's outputs, and the library that read it. */
function loadWith(runtime: string): { readonly outputs: readonly string[]; readonly library: string } {
  const script = `
    const ort = require(process.argv[1]);
    ort.InferenceSession.create(process.argv[2]).then(({ outputNames }) => {
      const maps = require('node:fs').readFileSync('/proc/self/maps', 'utf8');
      const library = /\\S*libonnxruntime\\.so\\.1/.exec(maps)[0];
      console.log(JSON.stringify({ outputs: outputNames, library }));
    });`;
  const model = fileURLToPath(
    new URL('../../../../resources/sample/model/smear-detector.onnx', import.meta.url),
  );
  return JSON.parse(
    execFileSync(process.execPath, ['-e', script, runtime, model], { encoding: 'utf8' }),
  ) as ReturnType<typeof loadWith>;
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-cuda-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('CUDA for ONNX models', () => {
  it('puts the parts beside a copy of the runtime, which runs models, and keeps nothing else', async () => {
    const component = await installCuda({ wheels: [wheelOf(CONTENTS)] }, place(), noProgress);
    expect(component.folder).toBe(path.join(place().home, cudaComponentName()));
    expect(readdirSync(path.join(component.folder, CUDA_LIBRARIES)).sort()).toEqual([
      'libcudart.so.13',
      'libcudnn_ops.so.9',
    ]);
    const native = path.join(component.binding, 'bin', 'napi-v6', 'linux', 'x64');
    expect(readFileSync(path.join(native, 'libonnxruntime_providers_cuda.so'), 'utf8')).toBe(
      'part for cards',
    );
    expect(existsSync(path.join(native, 'libonnxruntime_providers_tensorrt.so'))).toBe(false);
    expect(readdirSync(place().downloads)).toEqual([]);
    const { outputs, library } = loadWith(component.binding);
    expect(outputs).toEqual(loadWith('onnxruntime-node').outputs);
    expect(library).toBe(path.join(native, 'libonnxruntime.so.1'));
  });

  it('is not there when a file of it is cut short, and is made anew', async () => {
    const wheel = wheelOf(CONTENTS);
    const kept = readFileSync(path.join(place().downloads, wheel.fileName));
    const { folder: made } = await installCuda({ wheels: [wheel] }, place(), noProgress);
    writeFileSync(path.join(made, CUDA_LIBRARIES, 'libcudart.so.13'), '');
    writeFileSync(path.join(place().downloads, wheel.fileName), kept);
    await installCuda({ wheels: [wheel] }, place(), noProgress);
    expect(readFileSync(path.join(made, CUDA_LIBRARIES, 'libcudart.so.13'), 'utf8')).toBe('CUDA');
  });

  it('leaves nothing behind when a download is no archive', async () => {
    const wheel = wheelOf(CONTENTS);
    writeFileSync(path.join(place().downloads, wheel.fileName), Buffer.alloc(wheel.bytes));
    await expect(installCuda({ wheels: [wheel] }, place(), noProgress)).rejects.toThrow();
    expect(readdirSync(place().home)).toEqual([]);
  });

  it('names wheels of the version that the runtime has', () => {
    const { wheels, download } = planCuda();
    expect(`${wheels[0]!.project} ${wheels[0]!.fileName.split('-')[1]!}`).toBe(
      `onnxruntime-gpu ${cudaComponentName().split('-')[2]!}`,
    );
    expect(download).toBe(1_510_641_783);
  });
});
