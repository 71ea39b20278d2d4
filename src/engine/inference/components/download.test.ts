import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noProgress } from '../../../core/foundation/cancellation';
import type { Wheel } from './download';
import { downloadWheel } from './download';

const CONTENT = Buffer.from('0123456789'.repeat(1000));
const wheel: Wheel = {
  project: 'some-library',
  fileName: 'some_library-1.0.whl',
  bytes: CONTENT.length,
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
};

let folder: string;
let server: Server;
let ranges: (string | null)[];
/** Bytes after which the connection is cut; null: never. */
let cutAfter: number | null;
const before = process.env['PIP_INDEX_URL'];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-download-'));
  ranges = [];
  cutAfter = null;
  server = createServer((request, response) => {
    if (request.url === '/simple/some-library/') {
      response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
      response.end(JSON.stringify({ files: [{ filename: wheel.fileName, url: '../../files/it.whl' }] }));
      return;
    }
    const range = request.headers.range ?? null;
    ranges.push(range);
    const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(range ? 206 : 200);
    if (cutAfter === null) response.end(CONTENT.subarray(from));
    else
      response.write(CONTENT.subarray(from, from + cutAfter), () => setTimeout(() => response.destroy(), 50));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['PIP_INDEX_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
});
afterEach(async () => {
  if (before === undefined) delete process.env['PIP_INDEX_URL'];
  else process.env['PIP_INDEX_URL'] = before;
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

describe('downloading a wheel', () => {
  it('goes on where a cut connection stopped', async () => {
    cutAfter = 4000;
    await expect(downloadWheel(wheel, folder, noProgress)).rejects.toMatchObject({ code: 'download-failed' });
    const have = readFileSync(path.join(folder, `${wheel.fileName}.partial`)).length;
    expect(have).toBeGreaterThan(0);
    cutAfter = null;
    const file = await downloadWheel(wheel, folder, noProgress);
    expect(readFileSync(file).equals(CONTENT)).toBe(true);
    expect(ranges).toEqual([null, `bytes=${have}-`]);
    // What is there is not fetched again.
    await downloadWheel(wheel, folder, noProgress);
    expect(ranges).toHaveLength(2);
  });

  it('throws away what is not the wheel', async () => {
    writeFileSync(path.join(folder, `${wheel.fileName}.partial`), 'x'.repeat(wheel.bytes));
    await expect(downloadWheel(wheel, folder, noProgress)).rejects.toMatchObject({
      code: 'download-damaged',
    });
    expect(existsSync(path.join(folder, `${wheel.fileName}.partial`))).toBe(false);
  });

  it('says which index did not answer', async () => {
    process.env['PIP_INDEX_URL'] = 'http://127.0.0.1:9/simple';
    await expect(downloadWheel(wheel, folder, noProgress)).rejects.toMatchObject({ code: 'download-failed' });
  });
});
