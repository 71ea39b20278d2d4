/** Whether a project file is sound, and every readable record of one that is not in a new file. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { BadInput } from '../../core/foundation/bad-input';
import type { Finding } from '../../core/foundation/finding';
import { UNDO_FLOOR } from '../store/edit-log';
import { readMeta, writeMeta } from '../store/meta';
import type { ProjectDatabase } from '../store/open';
import { closeProjectFile, createProjectFile, readAsItIs } from '../store/open';
import type { ProjectTable, Row, SalvagedTable } from '../store/salvage';
import { PROJECT_TABLES, salvageTable } from '../store/salvage';
import { ProjectSession } from './session';

const finding = (code: string, message: string, file: string, count = 1): Finding => ({
  code,
  severity: 'error',
  message,
  where: { file },
  count,
});

/** What is wrong with a file; nothing where it is sound. The file is only read. */
export function checkProject(file: string): Finding[] {
  return readAsItIs(file, (db) => {
    const problems = [...answers(db, 'integrity_check'), ...answers(db, 'foreign_key_check')];
    return problems
      .filter((answer) => answer !== 'ok')
      .map((message) => finding('project-unsound', message, file));
  });
}

function answers(db: ProjectDatabase, pragma: string): string[] {
  try {
    return (db.prepare(`PRAGMA ${pragma}`).all() as Row[]).map((row) =>
      'integrity_check' in row ? String(row['integrity_check']) : danglingReference(row),
    );
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

const danglingReference = ({ table, rowid, parent }: Row): string =>
  `Record ${String(rowid)} of ${String(table)} names one of ${String(parent)} that is not there.`;

/** What a record names, which has to be there too. */
const REFERENCES: readonly { table: ProjectTable; column: string; to: ProjectTable; key: string }[] = [
  { table: 'annotations', column: 'image', to: 'images', key: 'key' },
  { table: 'annotations', column: 'category', to: 'categories', key: 'id' },
  { table: 'subsets', column: 'image', to: 'images', key: 'key' },
  { table: 'predictions', column: 'run', to: 'runs', key: 'id' },
  { table: 'evaluations', column: 'run', to: 'runs', key: 'id' },
  { table: 'edit_log', column: 'of', to: 'edit_log', key: 'step' },
];

export interface Repaired {
  /** Records in the new file, by table. */
  readonly records: Readonly<Record<ProjectTable, number>>;
  readonly findings: readonly Finding[];
}

/**
 * Writes every readable record into a new project, whole or not at all; the source is only read. What was lost is a
 * finding, and steps before the repair then stay done: their records may be among the lost.
 */
export async function repairProject(file: string, target: string, author: string): Promise<Repaired> {
  if (existsSync(target)) {
    throw new BadInput(
      'target-exists',
      'There is a file at the target already; it is never written over.',
      'Choose another with --to.',
      { file: target },
    );
  }
  readAsItIs(file, () => undefined);
  const partial = `${target}.partial-${process.pid}`;
  const copy = `${partial}.source`;
  const leftovers = [partial, copy].flatMap((name) => [name, `${name}-wal`, `${name}-shm`]);
  try {
    copyFileSync(file, copy);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    const repaired = salvageInto(copy, partial, file);
    markRepaired(partial, author, file, repaired.findings.length > 0);
    await rename(partial, target);
    return repaired;
  } finally {
    for (const name of leftovers) rmSync(name, { force: true });
  }
}

function salvageInto(copy: string, partial: string, file: string): Repaired {
  const tables = readAsItIs(copy, (source) => readTables(source, file));
  const findings = [...tables].flatMap(([table, { isTorn }]) =>
    isTorn ? [finding('records-lost', `Some records of ${table} could not be read.`, file)] : [],
  );
  const kept = withoutDangling(tables, file, findings);
  const target = createProjectFile(partial);
  try {
    target.pragma('foreign_keys = OFF');
    target.transaction(() => {
      for (const [table, rows] of kept) insertRows(target, table, rows);
    })();
  } finally {
    closeProjectFile(target);
  }
  const records = Object.fromEntries([...kept].map(([table, rows]) => [table, rows.length]));
  return { records: records as Repaired['records'], findings };
}

function readTables(db: ProjectDatabase, file: string): Map<ProjectTable, SalvagedTable> {
  try {
    return new Map(PROJECT_TABLES.map(({ table }) => [table, salvageTable(db, table)]));
  } catch {
    throw new BadInput(
      'project-unreadable',
      'Nothing of the project can be read: its list of tables is damaged.',
      'Open a backup (beside the project, .backup-…) or a saved copy.',
      { file },
    );
  }
}

/** Leaves out records that name something lost; says so. */
function withoutDangling(
  tables: ReadonlyMap<ProjectTable, SalvagedTable>,
  file: string,
  findings: Finding[],
): Map<ProjectTable, Row[]> {
  const kept = new Map([...tables].map(([table, { rows }]) => [table, [...rows]]));
  for (const { table, column, to, key } of REFERENCES) {
    const there = new Set(kept.get(to)!.map((row) => row[key]));
    const rows = kept.get(table)!;
    const linked = rows.filter((row) => row[column] === null || there.has(row[column]));
    if (linked.length < rows.length) {
      const message = `Records of ${table} were left out because their ${column} is lost.`;
      findings.push(finding('records-dangling', message, file, rows.length - linked.length));
      kept.set(table, linked);
    }
  }
  return kept;
}

function insertRows(db: ProjectDatabase, table: ProjectTable, rows: readonly Row[]): void {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const insert = db.prepare(
    `INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  for (const row of rows) insert.run(...columns.map((column) => row[column]));
}

/** The repair's own entry in the history. Opening also proves that the new file loads. */
function markRepaired(partial: string, author: string, file: string, hasLosses: boolean): void {
  const session = ProjectSession.open(partial);
  const { db, log } = session;
  try {
    db.transaction(() => {
      const highest = db.prepare('SELECT COALESCE(MAX(id), 0) FROM annotations').pluck().get() as number;
      const last = Math.max(highest, Number(readMeta(db, 'lastAnnotationId') ?? '0'));
      writeMeta(db, 'lastAnnotationId', String(last));
      const step = log.nextStep;
      if (hasLosses) writeMeta(db, UNDO_FLOOR, String(step));
      log.append({
        step,
        time: new Date().toISOString(),
        author,
        action: 'repair',
        label: `Repaired from ${file}`,
        of: null,
        changes: [],
        scores: [],
      });
    })();
  } finally {
    session.close();
  }
}
