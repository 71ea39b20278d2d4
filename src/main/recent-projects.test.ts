import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectState } from '../contract/view-types';
import { describeProject, openRecentProjects } from './recent-projects';

let folder: string;
let file: string;
const note = (text: string): void => {
  throw new Error(text);
};
const project = (name: string, images = 1): ProjectState => ({
  path: path.join(folder, `${name}.reticle`),
  name,
  isSample: false,
  images,
  annotations: 0,
  categories: [],
  runs: [],
  missingImages: 0,
  imageRoot: null,
  source: null,
  risk: null,
  reviewed: 0,
  subsets: [],
  views: [],
  savedAt: null,
  canUndo: 0,
  canRedo: 0,
  undoEmpties: false,
});

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-recent-'));
  file = path.join(folder, 'recent.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('recent projects', () => {
  it('stand newest first, each once, and survive a restart', () => {
    const recent = openRecentProjects(file, note);
    recent.opened(project('one'), new Date(0));
    recent.opened(project('two'), new Date(1000));
    recent.opened(project('one'), new Date(2000));
    expect(recent.list().map(({ name }) => name)).toEqual(['one', 'two']);
    expect(openRecentProjects(file, note).list()).toEqual(recent.list());
    expect(recent.list()[0]?.openedAt).toBe('1970-01-01T00:00:02.000Z');
  });

  it('are at most twelve, and can be forgotten', () => {
    const recent = openRecentProjects(file, note);
    for (let index = 0; index < 15; index += 1) recent.opened(project(`p${index}`), new Date(index));
    expect(recent.list()).toHaveLength(12);
    expect(recent.forget(path.join(folder, 'p14.reticle')).map(({ name }) => name)).not.toContain('p14');
  });

  it('say how large a project is, and follow it', () => {
    const recent = openRecentProjects(file, note);
    recent.opened(project('one', 1), new Date(0));
    expect(recent.list()[0]?.detail).toBe('1 image, 0 runs');
    recent.changed(project('one', 1200));
    expect(recent.list()[0]?.detail).toBe('1,200 images, 0 runs');
    expect(describeProject({ images: 2, runs: [] })).toBe('2 images, 0 runs');
  });

  it('drop what is not an entry', () => {
    const good = { path: path.join(folder, 'a.reticle'), name: 'a', openedAt: '', detail: '' };
    writeFileSync(file, JSON.stringify([{ path: 5 }, { ...good, path: 'relative.reticle' }, good]));
    expect(openRecentProjects(file, note).list()).toEqual([good]);
  });
});
