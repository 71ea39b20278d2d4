// A .deb and a .tar.gz of the app, from an unpacked Electron and without any download:
//   node make-packages.mjs ELECTRON_FOLDER        (npm run package does the set-up first)
// Needs zip, dpkg and fakeroot.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { packager } from '@electron/packager';
import makeDebianPackage from 'electron-installer-debian';
import { cacheFolder } from '../bootstrap/paths.mjs';
import { debianIcons } from './icons.mjs';
import { makeNotices, NATIVE, withDependencies } from './notices.mjs';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const electronFolder = path.resolve(process.argv[2]);
const out = path.join(ROOT, 'dist');
const stage = path.join(out, 'stage');
const NOTICES = 'THIRD-PARTY-NOTICES.txt';
/** The app itself; `reticle` beside it is a script that opens it or runs a command. */
const EXECUTABLE = 'reticle-app';
const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const electronVersion = fs
  .readFileSync(path.join(electronFolder, 'version'), 'utf8')
  .trim()
  .replace(/^v/, '');

function copyPackage(folder) {
  fs.cpSync(folder, path.join(stage, path.relative(ROOT, folder)), {
    recursive: true,
    filter: (file) => !file.slice(folder.length).includes(`${path.sep}node_modules`),
  });
}

/** The app alone: its bundles, and the native packages with what they need. */
function stageApp() {
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(stage, { recursive: true });
  const { name, productName, version, description, author, main, type } = manifest;
  fs.writeFileSync(
    path.join(stage, 'package.json'),
    JSON.stringify({ name, productName, version, description, author, main, type }),
  );
  for (const part of ['main', 'preload', 'renderer', 'cli'])
    fs.cpSync(path.join(ROOT, 'out', part), path.join(stage, 'out', part), { recursive: true });
  for (const folder of withDependencies(NATIVE)) copyPackage(folder);
  const binding = process.env.RETICLE_SQLITE_BINDING;
  if (binding) {
    // The package's own loader prefers build/Release to its prebuilt binaries.
    const release = path.join(stage, 'node_modules', 'better-sqlite3', 'build', 'Release');
    fs.mkdirSync(release, { recursive: true });
    fs.copyFileSync(binding, path.join(release, 'better_sqlite3.node'));
  }
  fs.writeFileSync(path.join(out, NOTICES), makeNotices());
}

/** TensorFlow's addon, where this machine has made one: its set-up from the package then needs no compiler. */
function shipTensorflowAddon(resources) {
  const name = fs.existsSync(cacheFolder())
    ? fs.readdirSync(cacheFolder()).find((one) => one.startsWith('tensorflow-2'))
    : undefined;
  const addon = path.join(cacheFolder(), name ?? '', 'tensorflow', 'tfjs_binding.node');
  if (name === undefined || !fs.existsSync(addon)) {
    console.error('without TensorFlow’s addon: this package cannot set TensorFlow up');
    return;
  }
  fs.mkdirSync(path.join(resources, 'tensorflow'), { recursive: true });
  fs.copyFileSync(addon, path.join(resources, 'tensorflow', 'tfjs_binding.node'));
}

stageApp();
const zip = path.join(out, `electron-v${electronVersion}-linux-x64.zip`); // the name is what the packager looks for
execFileSync('zip', ['-q', '-1', '-r', zip, '.', '-x', 'resources/default_app.asar', '.complete'], {
  cwd: electronFolder,
});
const [folder] = await packager({
  dir: stage,
  out,
  overwrite: true,
  platform: 'linux',
  arch: 'x64',
  name: manifest.productName,
  executableName: EXECUTABLE,
  electronVersion,
  electronZipDir: out,
  prune: false,
  quiet: true,
  // Everything that is loaded by path stays outside the archive.
  asar: { unpack: '{**/*.node,**/*.so*,**/wasm-out/*.wasm}' },
  // Beside the archive, where the app looks for them: `process.resourcesPath`.
  extraResource: [path.join(ROOT, 'resources')],
  ignore: [
    // Needed to compile only.
    /\/better-sqlite3\/(deps|src)($|\/)/,
    /\/node_modules\/node-addon-api($|\/)/,
    /\/better-sqlite3\/prebuilds\/(?!linux-x64)/,
    /\/onnxruntime-node\/bin\/napi-v\d+\/(?!linux($|\/x64($|\/)|$))/,
    /\/onnxruntime-node\/script($|\/)/,
    // Of TF.js the CommonJS files alone are loaded.
    /\/@tensorflow\/[^/]+\/dist\/.*(\.min\.js|\.fesm\.js|\.es2017\.js|_test\.js)$/,
    /\.(map|d\.ts)$/,
  ],
});
shipTensorflowAddon(path.join(folder, 'resources', 'resources'));
fs.rmSync(zip);
fs.rmSync(stage, { recursive: true });
fs.renameSync(path.join(out, NOTICES), path.join(folder, NOTICES));
fs.chmodSync(folder, 0o755); // the packager leaves it 0700
const script = path.join(folder, manifest.name);
fs.copyFileSync(path.join(import.meta.dirname, 'reticle.sh'), script);
fs.chmodSync(script, 0o755);
// What users get: no debugging, no running as plain Node, no code from outside the archive.
await flipFuses(path.join(folder, EXECUTABLE), {
  version: FuseVersion.V1,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
});
const archive = path.join(out, `${manifest.name}-${manifest.version}-linux-x64.tar.gz`);
execFileSync('tar', ['-czf', archive, '-C', out, path.basename(folder)]);
console.error(`made ${path.relative(ROOT, archive)}`);
await makeDebianPackage({
  src: folder,
  dest: out,
  arch: 'amd64',
  options: {
    name: manifest.name,
    bin: manifest.name,
    productName: manifest.productName,
    genericName: manifest.productName,
    description: manifest.description,
    productDescription: manifest.description,
    maintainer: manifest.author,
    // Electron links to it; the installer's own list only recommends it.
    depends: ['libasound2t64 | libasound2'],
    section: 'graphics',
    icon: debianIcons(),
    categories: ['Graphics'],
    compression: process.env.DEB_COMPRESSION ?? 'gzip', // xz: a third smaller, minutes of CPU
  },
});
console.error(
  `made ${fs
    .readdirSync(out)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => `dist/${name}`)
    .join(', ')}`,
);
