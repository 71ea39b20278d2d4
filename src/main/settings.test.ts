import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, changedSettings, openSettings, parseSettings } from './settings';

let folder: string;
let notes: string[];
const note = (text: string): void => {
  notes.push(text);
};

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-settings-'));
  notes = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('settings', () => {
  it('keep good fields and set bad ones back', () => {
    expect(parseSettings({ appearance: 'dark', density: 'huge', singleKeys: false, unknown: 1 })).toEqual({
      settings: { ...DEFAULT_SETTINGS, appearance: 'dark', singleKeys: false },
      dropped: ['density'],
    });
    expect(parseSettings(undefined)).toEqual({ settings: DEFAULT_SETTINGS, dropped: [] });
    expect(parseSettings([1]).dropped).toEqual(['all']);
    expect(parseSettings(null).settings).toEqual(DEFAULT_SETTINGS);
  });

  it('change only what is given', () => {
    expect(changedSettings(DEFAULT_SETTINGS, { highContrast: true, density: undefined })).toEqual({
      ...DEFAULT_SETTINGS,
      highContrast: true,
    });
  });

  it('are on disk as soon as they are set', () => {
    const file = path.join(folder, 'settings.json');
    openSettings(file, note).set({ appearance: 'light' });
    expect(openSettings(file, note).get().appearance).toBe('light');
    expect(notes).toEqual([]);
  });

  it('start from the defaults where the file is damaged, and keep the damaged file', () => {
    const file = path.join(folder, 'settings.json');
    writeFileSync(file, '{"appearance": "da');
    expect(openSettings(file, note).get()).toEqual(DEFAULT_SETTINGS);
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe('{"appearance": "da');
    expect(notes).toHaveLength(1);
  });
});
