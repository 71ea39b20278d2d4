import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isWhole, markWhole, replaceFolder } from './whole-folder.mjs';

let base: string;
let folder: string;

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'reticle-whole-'));
  folder = path.join(base, 'cached');
  mkdirSync(path.join(folder, 'within'), { recursive: true });
  writeFileSync(path.join(folder, 'one'), 'first');
  writeFileSync(path.join(folder, 'within', 'two'), 'second');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('isWhole', () => {
  it('is so once marked', () => {
    expect(isWhole(folder)).toBe(false);
    markWhole(folder);
    expect(isWhole(folder)).toBe(true);
  });

  it('is not so without a file, with one cut short, or with a broken list', () => {
    markWhole(folder);
    writeFileSync(path.join(folder, 'within', 'two'), 'sec');
    expect(isWhole(folder)).toBe(false);
    rmSync(path.join(folder, 'within', 'two'));
    expect(isWhole(folder)).toBe(false);
    markWhole(folder);
    writeFileSync(path.join(folder, '.complete'), '{');
    expect(isWhole(folder)).toBe(false);
  });

  it('is not so where there is no folder', () => {
    expect(isWhole(path.join(base, 'none'))).toBe(false);
  });
});

describe('replaceFolder', () => {
  it('puts the new one in place of the old one and leaves nothing else', () => {
    const made = path.join(base, 'made');
    mkdirSync(made);
    writeFileSync(path.join(made, 'one'), 'newer');
    replaceFolder(made, folder);
    expect(readdirSync(base)).toEqual(['cached']);
    expect(readdirSync(folder)).toEqual(['one']);
    expect(readFileSync(path.join(folder, 'one'), 'utf8')).toBe('newer');
  });

  it('makes the folders above it', () => {
    replaceFolder(folder, path.join(base, 'a', 'b'));
    expect(readdirSync(path.join(base, 'a', 'b')).sort()).toEqual(['one', 'within']);
  });
});
