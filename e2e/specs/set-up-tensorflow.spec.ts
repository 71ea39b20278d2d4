/**
 * TensorFlow's set-up in the window from nothing, against an index of the test's own: its size first, stopped, gone on
 * with after a restart, broken off by the server. `e2e/slow/tensorflow.spec.ts` takes the real one to its end.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { planInstall } from '../../src/engine/inference/tensorflow/install';
import { expect, ROOT, test } from '../app';
import { ModelDialog } from '../pages/model-dialog';
import { ReticleWindow } from '../pages/window';

const MODEL = path.join(ROOT, '..', 'shared', 'models', 'bccd', 'saved_model');
const PIECE = Buffer.alloc(250_000, 'wheel');

test.skip(!existsSync(MODEL), 'the real models are absent');
test.skip(process.platform !== 'linux', 'TensorFlow is set up on Linux alone');

let folder = '';
let server: Server;
/** What each request for the wheel asked for; null: from its beginning. */
const ranges: (string | null)[] = [];
/** Pieces of one answer before the connection is cut. */
let pieces = Infinity;

test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-tensorflow-'));
  server = createServer((request, response) => {
    if (request.url !== '/wheel') {
      response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
      response.end(
        JSON.stringify({ files: [{ filename: planInstall(false).wheel.fileName, url: '/wheel' }] }),
      );
      return;
    }
    const range = request.headers.range ?? null;
    ranges.push(range);
    response.writeHead(range === null ? 200 : 206);
    let sent = 0;
    const timer = setInterval(() => {
      if (sent++ < pieces) response.write(PIECE);
      else response.destroy();
    }, 50);
    response.on('close', () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

test('TensorFlow is offered with its size, stopped, and goes on after a restart', async ({ launch }) => {
  const start = async (project?: string) => {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const running = await launch({
      ...(project === undefined ? { firstRun: true } : { project }),
      userData: path.join(folder, 'data'),
      env: {
        RETICLE_CACHE: path.join(folder, 'cache'),
        PIP_INDEX_URL: `${address}/simple`,
        RETICLE_TENSORFLOW: '',
      },
    });
    const window = new ReticleWindow(running.page, running.app);
    await window.failuresAreShown();
    const dialog = new ModelDialog(window);
    await dialog.openFolder(MODEL);
    return { running, window, dialog };
  };
  const downloads = path.join(folder, 'cache', 'downloads');
  const size = (): number => {
    const [file] = readdirSync(downloads);
    return statSync(path.join(downloads, file!)).size;
  };

  const first = await start();
  await expect(first.dialog.tensorflow).toContainText(/It downloads 27\d MB and takes 6\d\d MB of disk/);
  expect(existsSync(path.join(folder, 'cache'))).toBe(false);
  await first.running.screenshot('tensorflow-offered-light');
  await first.dialog.setUpTensorflow();
  await first.dialog.hasDownloaded(2);
  await first.running.screenshot('tensorflow-downloading-light');
  await first.dialog.stop();
  await expect(first.running.page.getByText('Stopped: what was downloaded is kept.')).toBeVisible();
  const kept = size();
  expect(kept).toBeGreaterThanOrEqual(2_000_000);
  await first.running.close();

  const second = await start(path.join(folder, 'data', 'sample', 'sample.reticle'));
  await second.dialog.setUpTensorflow();
  await second.dialog.hasDownloaded(Math.floor(kept / 1e6) + 1);
  expect(ranges).toEqual([null, `bytes=${kept}-`]);
  await second.dialog.stop();
  const keptAgain = size();
  expect(keptAgain).toBeGreaterThan(kept);

  pieces = 4;
  await second.dialog.setUpTensorflow();
  // In the dialog, which covers the page's own place for it.
  const failure = second.running.page.getByRole('dialog').getByRole('alert');
  await expect(failure).toContainText('it goes on where it stopped');
  await second.running.screenshot('tensorflow-broken-off-light');
  expect(ranges.at(-1)).toBe(`bytes=${keptAgain}-`);
  expect(size()).toBeGreaterThan(keptAgain);
  expect(readdirSync(downloads)).toHaveLength(1);
});
