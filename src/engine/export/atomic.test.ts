import {
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileWhole, writeFilesWhole } from './atomic';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-atomic-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string): string => path.join(folder, name);

describe.skipIf(process.platform === 'win32')('behind a link', () => {
  it('the file is written, and the link stays', async () => {
    writeFileSync(at('file'), 'before');
    symlinkSync(at('file'), at('link'));
    await writeFileWhole(at('link'), ['after']);
    expect(readFileSync(at('file'), 'utf8')).toBe('after');
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['file', 'link']);
  });

  it('a device takes what comes and stays what it is', async () => {
    symlinkSync('/dev/null', at('null'));
    await writeFileWhole(at('null'), ['gone']);
    expect(lstatSync(at('null')).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder)).toEqual(['null']);
  });
});

describe('a process that ends in the middle', () => {
  it('leaves nothing half written behind', async () => {
    async function* pieces(): AsyncGenerator<string> {
      yield 'begun';
      expect(readdirSync(folder)).toHaveLength(1);
      const onExit = process.listeners('exit').filter(({ name }) => name === 'removeUnfinished');
      expect(onExit).toHaveLength(1);
      onExit[0]!(0);
      expect(readdirSync(folder)).toEqual([]);
      await Promise.reject(new Error('ended'));
    }
    await expect(writeFileWhole(at('file'), pieces())).rejects.toThrow('ended');
  });
});

describe('several files', () => {
  it('are written all or none, and folders made for them go with them', async () => {
    writeFileSync(at('is-a-file'), 'kept');
    const files = new Map([
      ['new/a', 'a'],
      ['is-a-file/b', 'b'],
    ]);
    await expect(writeFilesWhole(folder, files)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['is-a-file']);
    await writeFilesWhole(folder, new Map([['new/a', 'a']]));
    expect(readFileSync(at('new/a'), 'utf8')).toBe('a');
  });
});
