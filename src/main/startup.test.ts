import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planStartup } from './startup';

let folder: string;
let file: string;
let told: { paths: string[]; view: string | null }[];
const start = (paths: string[] = [], view: string | null = null): ReturnType<typeof planStartup> =>
  planStartup(
    file,
    { paths, view },
    (given) => told.push(given),
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
    expect(start().take()).toEqual({ open: null, view: null, openSample: true });
    expect(start().take()).toEqual({ open: null, view: null, openSample: false });
  });

  it('opens the given project, the first run too', () => {
    expect(start(['/a/b.reticle']).take()).toEqual({ open: '/a/b.reticle', view: null, openSample: false });
    expect(told).toEqual([]);
  });

  it('shows the view that was named with the project, and none without one', () => {
    expect(start(['/a/b.reticle'], 'Misses').take().view).toBe('Misses');
    expect(start(['/data'], 'Misses').take().view).toBeNull();
  });

  it('passes other files on once the window is there, and later ones at once', () => {
    const startup = start(['/data']);
    startup.give({ paths: ['/more.json'], view: null });
    expect(told).toEqual([]);
    expect(startup.take()).toEqual({ open: null, view: null, openSample: false });
    startup.give({ paths: ['/x.reticle'], view: 'Misses' });
    expect(told).toEqual([
      { paths: ['/data', '/more.json'], view: null },
      { paths: ['/x.reticle'], view: 'Misses' },
    ]);
  });

  it('opens nothing again for a page that was loaded again', () => {
    const startup = start(['/a/b.reticle']);
    startup.take();
    expect(startup.take()).toEqual({ open: null, view: null, openSample: false });
  });
});
