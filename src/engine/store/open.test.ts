import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BadInput } from '../../core/foundation/bad-input';
import { migrate, MIGRATIONS } from './migrate';
import { APPLICATION_ID, closeProjectFile, createProjectFile, openProjectFile } from './open';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-store-'));
  file = path.join(folder, 'a.reticle');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof BadInput) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('a project file', () => {
  it('says whose it is, and is as durable as SQLite can be', () => {
    const db = createProjectFile(file);
    const pragma = (name: string): unknown => db.pragma(name, { simple: true });
    expect([pragma('application_id'), pragma('user_version')]).toEqual([APPLICATION_ID, MIGRATIONS.length]);
    expect([
      pragma('journal_mode'),
      pragma('synchronous'),
      pragma('foreign_keys'),
      pragma('trusted_schema'),
    ]).toEqual(['wal', 2, 1, 0]);
    closeProjectFile(db);
    expect(readdirSync(folder)).toEqual(['a.reticle']);
  });

  it('finds the annotations of an image by its index', () => {
    const db = createProjectFile(file);
    const plan = db
      .prepare('EXPLAIN QUERY PLAN SELECT * FROM annotations WHERE image = 1 ORDER BY position')
      .all() as { detail: string }[];
    expect(plan.map(({ detail }) => detail).join()).toContain('USING INDEX annotations_by_image');
    expect(plan.map(({ detail }) => detail).join()).not.toContain('TEMP B-TREE');
    closeProjectFile(db);
  });

  it('keeps its log: nothing in it can be changed or taken out', () => {
    const db = createProjectFile(file);
    db.prepare(
      "INSERT INTO edit_log (step, time, author, action, label, changes, scores) VALUES (1, 't', 'a', 'edit', 'l', '[]', '[]')",
    ).run();
    expect(() => db.exec("UPDATE edit_log SET changes = '[1]'")).toThrow(/append-only/);
    expect(() => db.exec('DELETE FROM edit_log')).toThrow(/append-only/);
    closeProjectFile(db);
  });

  it('is refused, and left as it is, where it is newer, foreign, damaged or something else', () => {
    closeProjectFile(createProjectFile(file));
    const made = readFileSync(file);
    const variants: [string, (copy: string) => void][] = [
      [
        'project-newer',
        (copy) => {
          const db = new Database(copy);
          db.pragma('user_version = 999');
          db.close();
        },
      ],
      [
        'not-a-project',
        (copy) => {
          const db = new Database(copy);
          db.pragma('application_id = 7');
          db.close();
        },
      ],
      ['not-a-project', (copy) => writeFileSync(copy, 'a text file, long enough to have a header')],
      [
        'project-damaged',
        (copy) =>
          writeFileSync(
            copy,
            Buffer.concat([made.subarray(0, 4096), Buffer.alloc(made.length - 4096, 0xa5)]),
          ),
      ],
      ['project-missing', (copy) => rmSync(copy)],
      [
        'not-a-project',
        (copy) => {
          rmSync(copy);
          mkdirSync(copy);
        },
      ],
    ];
    for (const [index, [code, spoil]] of variants.entries()) {
      const copy = path.join(folder, `${index}.reticle`);
      writeFileSync(copy, made);
      spoil(copy);
      expect(refusal(() => openProjectFile(copy))).toBe(code);
    }
    expect(refusal(() => createProjectFile(file))).toBe('project-exists');
  });

  it('belongs to one process at a time', () => {
    closeProjectFile(createProjectFile(file));
    const db = openProjectFile(file);
    const script = `const db = new (require('better-sqlite3'))(${JSON.stringify(file)}); try { db.pragma('user_version'); console.log('opened'); } catch (error) { console.log(error.code); }`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: process.cwd() });
    expect(stdout.trim()).toBe('SQLITE_BUSY');
    closeProjectFile(db);
  });

  it('is copied before it is migrated, and a failing step leaves it at the step before', () => {
    closeProjectFile(createProjectFile(file));
    const db = new Database(file);
    migrate(db, file, [...MIGRATIONS, 'CREATE TABLE later (x INTEGER) STRICT']);
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length + 1);
    expect(readdirSync(folder)).toContain(`a.reticle.version-${MIGRATIONS.length}.backup`);
    expect(() => migrate(db, file, [...MIGRATIONS, '', 'CREATE TABLE broken (', ''])).toThrow();
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length + 1);
    db.close();
  });
});
