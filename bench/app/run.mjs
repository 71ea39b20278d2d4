// The app as a user meets it: import, one edit, first screen, redraw of 5,000 boxes, gallery scroll; each as a ratio to a
// baseline of the same run.     npm run bench -- app
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { _electron } from '@playwright/test';
import { build } from 'vite';
import { kernels } from '../../scripts/kernels/vite-plugin.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = path.join(ROOT, 'node_modules/.cache/bench-app');
const MANY = 5000;
const FEW = 50;

await build({
  root: ROOT,
  configFile: false,
  logLevel: 'error',
  plugins: [kernels()],
  build: { ssr: path.join(ROOT, 'bench/app/project-work.ts'), outDir: OUT, target: 'node20', minify: false },
});
const work = await import(pathToFileURL(path.join(OUT, 'project-work.js')).href);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reticle-bench-'));

/** Starts Electron on an app; the page, and the time until its content was there. */
async function start(app, name, ...given) {
  const isRoot = process.getuid?.() === 0;
  const began = performance.now();
  const running = await _electron.launch({
    executablePath: process.env.RETICLE_ELECTRON,
    chromiumSandbox: !isRoot,
    args: [`--user-data-dir=${path.join(folder, name)}`, app, ...given],
    cwd: ROOT,
  });
  const page = await running.firstWindow();
  await page.waitForLoadState('domcontentloaded');
  return { running, page, since: () => performance.now() - began };
}

/** There as soon as the diagnosis of the opening is whole. */
const answered = (page) => page.getByText('checks found nothing');

async function toFailures(page) {
  const sections = page.getByRole('navigation', { name: 'Sections' });
  await sections.getByRole('button', { name: 'Failures' }).click();
  await page.locator('.tile img').first().waitFor();
}

/** An app of nothing but a window: what Electron itself costs. */
function emptyApp() {
  const at = path.join(folder, 'empty');
  fs.mkdirSync(at);
  fs.writeFileSync(path.join(at, 'package.json'), '{"name":"empty","main":"main.js"}');
  fs.writeFileSync(
    path.join(at, 'main.js'),
    "const { app, BrowserWindow } = require('electron'); app.whenReady().then(() => new BrowserWindow().loadURL('data:text/html,<p>empty'));",
  );
  return at;
}

/** Mean time of frames in which `change` runs, in the page. */
const frames = (page, change, count = 60) =>
  page.evaluate(
    async ([source, times]) => {
      const step = new Function('i', source);
      const next = () => new Promise((resolve) => globalThis.requestAnimationFrame(resolve));
      await next();
      const began = performance.now();
      for (let i = 0; i < times; i++) {
        step(i);
        await next();
      }
      return (performance.now() - began) / times;
    },
    [change, count],
  );

const IDLE = '';
const ZOOM = `document.querySelector('.stage canvas').dispatchEvent(
  new WheelEvent('wheel', { deltaY: i % 2 ? 40 : -40, ctrlKey: true, clientX: 500, clientY: 400, bubbles: true, cancelable: true }));`;
const SCROLL = `document.querySelector('.tile-grid').scrollTop += 120;`;

/** Frames of the image view while it is zoomed, with so many predictions on the image. */
async function zoomed(predictions) {
  const at = path.join(folder, `boxes-${predictions}`);
  fs.mkdirSync(at);
  const project = path.join(at, 'boxes.reticle');
  await work.makeProject(project, work.writeSet(at, 1, predictions));
  const { running, page } = await start(ROOT, `data-${predictions}`, project);
  await toFailures(page);
  await page.getByRole('gridcell').first().click();
  await page.getByRole('slider', { name: /Confidence at least/ }).fill('0');
  await page.keyboard.press('e');
  await page.getByRole('heading', { name: 'Boxes' }).waitFor();
  const time = await frames(page, ZOOM);
  await running.close();
  return time;
}

const print = ({ what, milliseconds, baseline, baselineMilliseconds }) =>
  console.log(
    `${what}: ${(milliseconds / baselineMilliseconds).toFixed(2)} x ${baseline} (${milliseconds.toFixed(1)} ms against ${baselineMilliseconds.toFixed(1)} ms)`,
  );

try {
  for (const measured of await work.measureProject(folder)) print(measured);

  const empty = await start(emptyApp(), 'data-empty');
  const emptyTime = empty.since();
  await empty.running.close();
  const sample = await start(ROOT, 'data-sample');
  await answered(sample.page).waitFor();
  // The first run makes the sample project; the second is what a user meets every day.
  await sample.running.close();
  const again = await start(
    ROOT,
    'data-sample',
    path.join(folder, 'data-sample', 'sample', 'sample.reticle'),
  );
  await again.page.getByRole('heading', { name: 'Why is the score low?' }).waitFor();
  const screenTime = again.since();
  await answered(again.page).waitFor();
  for (const [what, milliseconds] of [
    ['first screen: the question, with the score of the sample', screenTime],
    ['the answer, with its bill', again.since()],
  ])
    print({ what, milliseconds, baseline: 'an empty Electron window', baselineMilliseconds: emptyTime });
  await toFailures(again.page);
  const idle = await frames(again.page, IDLE);
  print({
    what: 'gallery scroll, a frame',
    milliseconds: await frames(again.page, SCROLL),
    baseline: 'an idle frame',
    baselineMilliseconds: idle,
  });
  await again.running.close();
  print({
    what: `zoom over ${MANY} boxes, a frame`,
    milliseconds: await zoomed(MANY),
    baseline: `the same over ${FEW}`,
    baselineMilliseconds: await zoomed(FEW),
  });
} finally {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
