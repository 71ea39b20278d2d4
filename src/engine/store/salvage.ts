/** Reads what can be read of a damaged project file, record by record. */
import type { ProjectDatabase } from './open';

export type Row = Readonly<Record<string, string | number | Uint8Array | null>>;

/** Every table with the column, or the expression, that numbers its records; null where records have no number. */
export const PROJECT_TABLES = [
  { table: 'meta', key: null },
  { table: 'categories', key: 'id' },
  { table: 'images', key: 'key' },
  { table: 'annotations', key: 'id' },
  { table: 'subsets', key: null },
  { table: 'runs', key: 'id' },
  { table: 'predictions', key: null },
  { table: 'verdicts', key: null },
  { table: 'views', key: 'id' },
  { table: 'edit_log', key: 'step' },
  { table: 'snapshots', key: 'rowid' },
  { table: 'evaluations', key: 'id' },
] as const;
export type ProjectTable = (typeof PROJECT_TABLES)[number]['table'];

export interface SalvagedTable {
  readonly rows: readonly Row[];
  /** True where some of the table could not be read. */
  readonly isTorn: boolean;
}

/** Attempts on one table; a torn page costs some hundred, a torn index of pages would cost for ever. */
const MOST_ATTEMPTS = 2000;
/** How far behind the last readable record others are looked for where the end of the table is torn too. */
const REACH = 2 ** 20;

class TableReader {
  isTorn = false;
  #attempts = 0;
  readonly rows: Row[] = [];
  readonly #db: ProjectDatabase;

  constructor(db: ProjectDatabase) {
    this.#db = db;
  }

  /** Takes records until one cannot be read; the number of the last one taken, or null where the end was reached. */
  #take(sql: string, parameters: readonly number[], key: string | null): { last: number | null } | null {
    this.#attempts++;
    let last: number | null = null;
    try {
      for (const row of this.#db.prepare(sql).iterate(...parameters) as Iterable<Row>) {
        this.rows.push(row);
        if (key !== null) last = row[key] as number;
      }
      return null;
    } catch {
      return { last };
    }
  }

  /** Number of the last record; null where it cannot be read. */
  #last(table: string, key: string): number | null {
    try {
      return this.#db.prepare(`SELECT max(${key}) FROM ${table} NOT INDEXED`).pluck().get() as number;
    } catch {
      return null;
    }
  }

  /** All records by number: what lies behind a torn page is reached by halving the range. */
  byNumber(table: string, key: string): void {
    const column = key === 'rowid' ? 'rowid AS rowid, *' : '*';
    const sql = `SELECT ${column} FROM ${table} NOT INDEXED WHERE ${key} BETWEEN ? AND ? ORDER BY ${key}`;
    const end = this.#last(table, key);
    const pending: [from: number, to: number][] = [[0, end ?? Number.MAX_SAFE_INTEGER]];
    for (let range = pending.pop(); range; range = pending.pop()) {
      const [first, last] = range;
      if (first > last) continue;
      const broken = this.#take(sql, [first, last], key);
      if (!broken) continue;
      this.isTorn = true;
      const rest = broken.last === null ? first : broken.last + 1;
      if (last === Number.MAX_SAFE_INTEGER) {
        pending.push([rest, rest + REACH]);
        continue;
      }
      if (rest >= last || this.#attempts > MOST_ATTEMPTS) continue;
      const middle = Math.floor((rest + last) / 2);
      pending.push([middle + 1, last], [rest, middle]);
    }
  }

  /** Records without a number, from both ends up to what cannot be read. */
  fromBothEnds(table: string): void {
    const keys = this.#primaryKey(table);
    const ordered = (direction: string): string =>
      `SELECT * FROM ${table} ORDER BY ${keys.map((key) => `${key} ${direction}`).join(', ')}`;
    if (!this.#take(ordered('ASC'), [], null)) return;
    this.isTorn = true;
    const nameOf = (row: Row): string => JSON.stringify(keys.map((key) => row[key]));
    const known = new Set(this.rows.map(nameOf));
    const behind = new TableReader(this.#db);
    behind.#take(ordered('DESC'), [], null);
    this.rows.push(...behind.rows.filter((row) => !known.has(nameOf(row))));
  }

  #primaryKey(table: string): string[] {
    return this.#db
      .prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
      .pluck()
      .all(table) as string[];
  }
}

/** What one table still holds. Throws where not even the table is known. */
export function salvageTable(db: ProjectDatabase, table: ProjectTable): SalvagedTable {
  const reader = new TableReader(db);
  const key = PROJECT_TABLES.find((one) => one.table === table)!.key;
  db.prepare(`SELECT 1 FROM ${table} LIMIT 0`);
  if (key === null) reader.fromBothEnds(table);
  else reader.byNumber(table, key);
  return reader;
}
