import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeProjectFile, createProjectFile, readAsItIs } from './open';
import { salvageTable } from './salvage';

const PAGE = 4096;
const COUNT = 3000;
let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-salvage-'));
  file = path.join(folder, 'a.reticle');
  const db = createProjectFile(file);
  const insert = db.prepare('INSERT INTO categories (id, name) VALUES (?, ?)');
  const verdict = db.prepare('INSERT INTO verdicts (target, status) VALUES (?, ?)');
  db.transaction(() => {
    for (let id = 1; id <= COUNT; id++) {
      insert.run(id, `name ${id}`);
      verdict.run(`a:${id}`, 'done');
    }
  })();
  closeProjectFile(db);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Pages that hold records whose text starts so, last to first. */
function pagesWith(text: string): number[] {
  const bytes = readFileSync(file);
  return Array.from({ length: bytes.length / PAGE }, (_, page) => page)
    .filter((page) => bytes.subarray(page * PAGE, (page + 1) * PAGE).includes(text))
    .reverse();
}

function tear(pages: readonly number[]): void {
  const bytes = readFileSync(file);
  for (const page of pages) bytes.fill(0x5a, page * PAGE, (page + 1) * PAGE);
  writeFileSync(file, bytes);
}

const salvaged = (table: 'categories' | 'verdicts') => readAsItIs(file, (db) => salvageTable(db, table));

describe('salvaging a table', () => {
  it('reads all of a sound one', () => {
    expect(salvaged('categories')).toMatchObject({ isTorn: false, rows: { length: COUNT } });
    expect(salvaged('verdicts')).toMatchObject({ isTorn: false, rows: { length: COUNT } });
  });

  it('reads what lies before, between and behind torn pages', () => {
    const pages = pagesWith('name ');
    tear([pages[0]!, pages[3]!, pages[4]!, pages[8]!]);
    const { isTorn, rows } = salvaged('categories');
    expect(isTorn).toBe(true);
    const lost = COUNT - rows.length;
    expect(lost).toBeGreaterThan(4 * 100);
    expect(lost).toBeLessThan(4 * 250);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.every(({ id, name }) => name === `name ${String(id)}`)).toBe(true);
  });

  it('reads a table without numbers from both ends', () => {
    const pages = pagesWith('a:');
    tear([pages[Math.floor(pages.length / 2)]!]);
    const { isTorn, rows } = salvaged('verdicts');
    expect(isTorn).toBe(true);
    expect(rows.length).toBeGreaterThan(COUNT / 2);
    expect(new Set(rows.map(({ target }) => target)).size).toBe(rows.length);
  });
});
