/** Which parts the engine's process has: asked from the parts themselves. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import sharp from 'sharp';
import type { Component } from '../../contract/view-types';

const NOT_YET = 'Nothing needs doing: this version scores predictions from files and runs no models.';

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

const engine = (name: string, what: string): Component => ({
  name,
  present: false,
  version: null,
  detail: `${what}: not part of this version`,
  fix: NOT_YET,
});

/** SQLite, image decoding and the inference engines. */
export function engineComponents(): readonly Component[] {
  return [
    sqlite(),
    {
      name: 'images',
      present: true,
      version: sharp.versions.sharp,
      detail: `libvips ${sharp.versions.vips}`,
      fix: null,
    },
    gpu(),
    engine('tensorflow', 'TensorFlow on the processor'),
    engine('tensorflow-gpu', 'TensorFlow on the graphics card'),
    engine('onnx', 'ONNX Runtime'),
    engine('webgpu', 'ONNX Runtime over WebGPU'),
    engine('wasm', 'TensorFlow.js over WebAssembly'),
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
