// The licences of everything that goes into the app: THIRD-PARTY-NOTICES.txt of a package.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Native packages, which no bundle can hold. */
export const NATIVE = [
  'better-sqlite3',
  'sharp',
  'onnxruntime-node',
  // One instance of TF.js for its backends: they find each other as packages only.
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-node-gpu',
];

/** What the bundles of main, the engine, the command line and the window are made of. */
export const BUNDLED = [
  '@tanstack/react-virtual',
  'cmdk',
  'commander',
  'd3-scale',
  'd3-shape',
  'flatbush',
  'konva',
  'lucide-react',
  'papaparse',
  'pbf',
  'radix-ui',
  'react',
  'react-dom',
  'react-konva',
  'saxes',
  'tar-stream',
  'undici',
  'write-file-atomic',
  'yaml',
  'yauzl',
  'zod',
  'zustand',
];

/** Folder of a package as seen from another; null where it is not installed (an optional one of another platform). */
export function packageFolder(name, from) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (fs.existsSync(path.join(candidate, 'package.json'))) return candidate;
    if (folder === path.dirname(folder)) return null;
  }
}

const readManifest = (folder) => JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));

/** Folders of the packages and of all that they need at run time, each once. */
export function withDependencies(names, from = ROOT, found = new Set()) {
  for (const name of names) {
    const folder = packageFolder(name, from);
    if (folder === null || found.has(folder)) continue;
    found.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = readManifest(folder);
    const needed = Object.keys({ ...dependencies, ...optionalDependencies });
    withDependencies(needed, folder, found);
  }
  return [...found];
}

function licenceText(folder) {
  const file = fs
    .readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name))
    .sort()
    .find((name) => fs.statSync(path.join(folder, name)).isFile());
  return file ? fs.readFileSync(path.join(folder, file), 'utf8').trim() : '';
}

/** One section a package: name, version, licence, its text, ordered by name. */
export function makeNotices() {
  const sections = withDependencies([...BUNDLED, ...NATIVE])
    .filter((folder) => !readManifest(folder).name.startsWith('@types/'))
    .map((folder) => {
      const { name, version, license } = readManifest(folder);
      return {
        name,
        text: `${name} ${version} (${license ?? 'see below'})\n\n${licenceText(folder)}`.trim(),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const head =
    'Reticle contains the following packages. Electron and Chromium: LICENSE and LICENSES.chromium.html beside this file.';
  return `${[head, ...sections.map((section) => section.text)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
