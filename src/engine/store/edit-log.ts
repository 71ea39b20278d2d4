/** The append-only log of steps. What can be undone and redone follows from it alone. */
import { readMeta } from './meta';
import type { ProjectDatabase } from './open';
import type { RecordChange } from './records';

export type LogAction = 'import' | 'edit' | 'undo' | 'redo' | 'merge' | 'repair';

export interface StepScore {
  readonly run: string;
  readonly protocol: string;
  readonly metric: string;
  readonly before: number | null;
  readonly after: number | null;
}

export interface LogEntry {
  readonly step: number;
  readonly time: string;
  readonly author: string;
  readonly action: LogAction;
  readonly label: string;
  /** The step undone or redone. */
  readonly of: number | null;
  readonly changes: readonly RecordChange[];
  readonly scores: readonly StepScore[];
}

interface LogRow extends Omit<LogEntry, 'changes' | 'scores'> {
  readonly changes: string;
  readonly scores: string;
}

const parse = (row: LogRow): LogEntry => ({
  ...row,
  changes: JSON.parse(row.changes) as RecordChange[],
  scores: JSON.parse(row.scores) as StepScore[],
});

/** Key in `meta`: steps up to this one stay done, because records of them were lost to damage. */
export const UNDO_FLOOR = 'undoFloor';

export class EditLog {
  /** Steps that undo would take back, and redo do again; the last first. */
  readonly undoable: number[] = [];
  readonly redoable: number[] = [];
  #last = 0;
  readonly #db: ProjectDatabase;
  readonly #insert;
  readonly #setScores;

  constructor(db: ProjectDatabase) {
    this.#db = db;
    this.#insert = db.prepare(
      'INSERT INTO edit_log (step, time, author, action, label, of, changes, scores) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#setScores = db.prepare('UPDATE edit_log SET scores = ? WHERE step = ?');
    const rows = db.prepare('SELECT step, action, of FROM edit_log ORDER BY step').all() as {
      step: number;
      action: LogAction;
      of: number | null;
    }[];
    for (const { step, action, of } of rows) this.#follow(step, action, of);
    const floor = Number(readMeta(db, UNDO_FLOOR) ?? '0');
    for (const stack of [this.undoable, this.redoable])
      stack.splice(0, stack.length, ...stack.filter((step) => step > floor));
  }

  #follow(step: number, action: LogAction, of: number | null): void {
    this.#last = step;
    if (action === 'undo') {
      this.undoable.pop();
      this.redoable.push(of!);
    } else if (action === 'redo') {
      this.redoable.pop();
      this.undoable.push(of!);
    } else if (action !== 'repair') {
      this.redoable.length = 0;
      this.undoable.push(step);
    }
  }

  get nextStep(): number {
    return this.#last + 1;
  }

  /** Inside the caller's transaction. Call `appended` once it is committed. */
  append(entry: LogEntry): void {
    const { step, time, author, action, label, of, changes, scores } = entry;
    this.#insert.run(step, time, author, action, label, of, JSON.stringify(changes), JSON.stringify(scores));
  }

  appended(entry: Pick<LogEntry, 'step' | 'action' | 'of'>): void {
    this.#follow(entry.step, entry.action, entry.of);
  }

  setScores(step: number, scores: readonly StepScore[]): void {
    this.#setScores.run(JSON.stringify(scores), step);
  }

  entry(step: number): LogEntry {
    return parse(this.#db.prepare('SELECT * FROM edit_log WHERE step = ?').get(step) as LogRow);
  }

  /** Newest first, older than `before`. */
  page(before: number | null, count: number): LogEntry[] {
    const rows = this.#db
      .prepare('SELECT * FROM edit_log WHERE step < ? ORDER BY step DESC LIMIT ?')
      .all(before ?? Number.MAX_SAFE_INTEGER, count) as LogRow[];
    return rows.map(parse);
  }

  /** Oldest first. */
  all(): LogEntry[] {
    return (this.#db.prepare('SELECT * FROM edit_log ORDER BY step').all() as LogRow[]).map(parse);
  }

  get lastTime(): string | null {
    return (
      (this.#db.prepare('SELECT time FROM edit_log ORDER BY step DESC LIMIT 1').pluck().get() as
        string | undefined) ?? null
    );
  }
}
