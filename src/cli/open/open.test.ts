import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProjectSession } from '../../engine/project/session';
import { main } from '../index';

let folder = '';
let opened: (readonly string[])[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-open-'));
  opened = [];
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const session = ProjectSession.create(path.join(folder, 'a.reticle'));
  session.db.prepare("INSERT INTO views (name, query) VALUES ('Large misses', '{}')").run();
  session.close();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const open = (...args: string[]): Promise<number> =>
  main(['open', ...args], {
    cwd: folder,
    root: folder,
    openWindow: (given) => {
      opened.push(given);
      return Promise.resolve(0);
    },
  });

describe('open', () => {
  it('starts the window on the file, with the view where one is named', async () => {
    const file = path.join(folder, 'a.reticle');
    expect(await open('a.reticle')).toBe(0);
    expect(await open('a.reticle', '--view', 'Large misses')).toBe(0);
    expect(opened).toEqual([[file], ['--view=Large misses', file]]);
  });

  it('refuses a view or a project that is not there, without a window', async () => {
    expect(await open('a.reticle', '--view', 'Small')).toBe(2);
    expect(await open('b.reticle')).toBe(2);
    expect(await open()).toBe(2);
    expect(opened).toEqual([]);
  });

  it('leaves a project that is open to its window', async () => {
    const session = ProjectSession.open(path.join(folder, 'a.reticle'));
    expect(await open('a.reticle', '--view', 'Any')).toBe(0);
    session.close();
    expect(opened).toHaveLength(1);
  });
});
