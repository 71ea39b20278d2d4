/** The ground truth's tables as a whole: dumped and put back by imports and their undoing. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ProjectDatabase } from './open';

const TABLES = ['categories', 'images', 'annotations', 'subsets'] as const;
type Row = Readonly<Record<string, string | number | null>>;
type Dump = { readonly meta: Readonly<Record<string, string>> } & Readonly<
  Record<(typeof TABLES)[number], readonly Row[]>
>;

/** Entries of `meta` that belong to the ground truth. */
const META = [
  ...['format', 'hasOwnIds', 'truthExtra', 'conventions', 'uprightLabels'],
  ...['imageRoot', 'imageRootIsRelative', 'imageFolders', 'labelSource'],
];

/** Everything of the ground truth, packed. */
export function dumpTruth(db: ProjectDatabase): Uint8Array {
  const meta = Object.fromEntries(
    (db.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[])
      .filter(({ key }) => META.includes(key))
      .map(({ key, value }) => [key, value]),
  );
  const rows = Object.fromEntries(TABLES.map((table) => [table, db.prepare(`SELECT * FROM ${table}`).all()]));
  return gzipSync(JSON.stringify({ meta, ...rows }), { level: 3 });
}

export function clearTruth(db: ProjectDatabase): void {
  for (const table of [...TABLES].reverse()) db.exec(`DELETE FROM ${table}`);
  const remove = db.prepare('DELETE FROM meta WHERE key = ?');
  for (const key of META) remove.run(key);
}

/** Exchanges the ground truth for a dumped one. */
function restoreTruth(db: ProjectDatabase, data: Uint8Array): void {
  const dump = JSON.parse(gunzipSync(data).toString('utf8')) as Dump;
  clearTruth(db);
  for (const table of TABLES) {
    const [first] = dump[table];
    if (!first) continue;
    const columns = Object.keys(first);
    const insert = db.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    for (const row of dump[table]) insert.run(...columns.map((column) => row[column]));
  }
  const put = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
  for (const [key, value] of Object.entries(dump.meta)) put.run(key, value);
}

/** Undoes or does again the import of a step: the ground truth before it, or after it. */
export function exchangeTruth(db: ProjectDatabase, step: number, action: 'undo' | 'redo'): void {
  const [keep, put] = action === 'undo' ? ['after', 'before'] : ['before', 'after'];
  db.prepare('INSERT OR REPLACE INTO snapshots (step, side, data) VALUES (?, ?, ?)').run(
    step,
    keep,
    dumpTruth(db),
  );
  const data = db.prepare('SELECT data FROM snapshots WHERE step = ? AND side = ?').pluck().get(step, put);
  restoreTruth(db, data as Uint8Array);
}
