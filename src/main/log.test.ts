import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog } from './log';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the log', () => {
  it('writes one line with time and source', () => {
    openLog(path.join(folder, 'logs'), () => new Date(0))('engine', 'started\n');
    expect(readFileSync(path.join(folder, 'logs', 'reticle.log'), 'utf8')).toBe(
      '1970-01-01T00:00:00.000Z engine started\n',
    );
  });

  it('is turned over when large, and keeps three files', () => {
    const log = openLog(folder);
    for (let round = 0; round < 5; round += 1) {
      writeFileSync(path.join(folder, 'reticle.log'), `${round} ${'x'.repeat(1_000_001)}`);
      log('main', 'next');
    }
    expect(readdirSync(folder).sort()).toEqual(['reticle.log', 'reticle.log.1', 'reticle.log.2']);
    expect(readFileSync(path.join(folder, 'reticle.log.1'), 'utf8').slice(0, 1)).toBe('4');
  });

  it('never throws', () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(() => openLog(path.join(folder, 'file', 'logs'))('main', 'x')).not.toThrow();
  });
});
