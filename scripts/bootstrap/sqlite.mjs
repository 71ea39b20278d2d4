// better-sqlite3's native part. The prebuilt one needs Node-API 10 (Node 22.14 or newer); for an older Electron it is
// compiled once, into the cache, with gcc and g++ alone. node_modules stays as it is.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { SetupError, timed } from './console.mjs';
import { cacheFolder, NODE_MODULES, PLATFORM, ROOT } from './paths.mjs';
import { setUpCompilers } from './system.mjs';
import { isWhole, markWhole, replaceFolder } from './whole-folder.mjs';

/** What better-sqlite3's prebuilt binary asks for. */
const NEEDED_NODE_API = 10;

export const needsOwnBinding = (nodeApi) => nodeApi < NEEDED_NODE_API;

function compile(command, args) {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', () =>
      reject(
        new SetupError(`${command} is missing`, 'sudo apt-get install -y --no-install-recommends gcc g++'),
      ),
    );
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}\n${output.slice(-3000)}`)),
    );
  });
}

/** The package's own defines, except the Node-API level. */
function readDefines(root) {
  const text = fs.readFileSync(path.join(root, 'deps', 'defines.gypi'), 'utf8');
  return [...text.matchAll(/'((?:HAVE|SQLITE)_[^']+)'/g)].map((match) => `-D${match[1]}`);
}

/** Makes the folder `out` with the binding in it, whole or not at all. */
async function compileBinding(out) {
  const require = createRequire(path.join(ROOT, 'package.json'));
  const root = path.dirname(require.resolve('better-sqlite3/package.json'));
  const addonApi = path.dirname(
    createRequire(path.join(root, 'package.json')).resolve('node-addon-api/package.json'),
  );
  const headers = path.join(NODE_MODULES, `node-${PLATFORM}`, 'include', 'node');
  fs.mkdirSync(path.dirname(out), { recursive: true });
  const folder = fs.mkdtempSync(path.join(path.dirname(out), '.sqlite-'));
  try {
    const common = ['-O2', '-fPIC', '-w', '-DNDEBUG', `-I${root}/deps/sqlite3`];
    await Promise.all([
      compile('gcc', [
        ...common,
        ...readDefines(root),
        '-c',
        `${root}/deps/sqlite3/sqlite3.c`,
        '-o',
        `${folder}/sqlite3.o`,
      ]),
      compile('g++', [
        ...common,
        '-std=c++20',
        '-fvisibility=hidden',
        '-DNODE_GYP_MODULE_NAME=better_sqlite3',
        '-DBUILDING_NODE_EXTENSION',
        '-DNAPI_DISABLE_CPP_EXCEPTIONS',
        '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
        '-include',
        path.join(ROOT, 'scripts', 'bootstrap', 'node-api-9.h'),
        `-I${headers}`,
        `-I${addonApi}`,
        '-c',
        `${root}/src/better_sqlite3.cpp`,
        '-o',
        `${folder}/binding.o`,
      ]),
    ]);
    await compile('g++', [
      '-shared',
      `${folder}/binding.o`,
      `${folder}/sqlite3.o`,
      '-Wl,-Bsymbolic',
      '-Wl,--exclude-libs,ALL',
      '-ldl',
      '-lpthread',
      '-o',
      `${folder}/better_sqlite3.node`,
    ]);
    for (const name of ['sqlite3.o', 'binding.o']) fs.rmSync(path.join(folder, name));
    markWhole(folder);
    replaceFolder(folder, out);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The binding for a runtime with that Node-API, compiled where the cache has none.
 * @returns {Promise<string | null>} its path; null where the prebuilt one serves
 */
export async function setUpSqlite(nodeApi) {
  if (!needsOwnBinding(nodeApi)) return null;
  const { version } = JSON.parse(
    fs.readFileSync(path.join(NODE_MODULES, 'better-sqlite3', 'package.json'), 'utf8'),
  );
  const folder = path.join(cacheFolder(), `better-sqlite3-${version}-${PLATFORM}-napi${nodeApi}`);
  if (!isWhole(folder)) {
    await setUpCompilers();
    await timed(`SQLite: compiling its binding for Node-API ${nodeApi}`, () => compileBinding(folder));
  }
  return path.join(folder, 'better_sqlite3.node');
}

/** Forgets a binding that does not load, so that it is compiled again. */
export function forgetBinding(file) {
  fs.rmSync(path.dirname(file), { recursive: true, force: true });
}
