import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planStartup } from './startup';

let folder: string;
let file: string;
let told: string[][];
const start = (given: string[] = []): ReturnType<typeof planStartup> =>
  planStartup(
    file,
    given,
    (paths) => told.push(paths),
    () => undefined,
  );

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-startup-'));
  file = path.join(folder, 'state.json');
  told = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('starting up', () => {
  it('opens the sample on the first run only', () => {
    expect(start().take()).toEqual({ open: null, openSample: true });
    expect(start().take()).toEqual({ open: null, openSample: false });
  });

  it('opens the given project, the first run too', () => {
    expect(start(['/a/b.reticle']).take()).toEqual({ open: '/a/b.reticle', openSample: false });
    expect(told).toEqual([]);
  });

  it('passes other files on once the window is there, and later ones at once', () => {
    const startup = start(['/data']);
    startup.give(['/more.json']);
    expect(told).toEqual([]);
    expect(startup.take()).toEqual({ open: null, openSample: false });
    startup.give(['/x.reticle']);
    expect(told).toEqual([['/data', '/more.json'], ['/x.reticle']]);
  });

  it('opens nothing again for a page that was loaded again', () => {
    const startup = start(['/a/b.reticle']);
    startup.take();
    expect(startup.take()).toEqual({ open: null, openSample: false });
  });
});
