/** Records as edits change and the log keeps them: plain JSON, before and after. */
import type { ReviewStatus } from '../../contract/view-types';
import type { ProjectDatabase } from './open';

export interface AnnotationRecord {
  readonly id: number;
  readonly image: number;
  readonly category: number;
  readonly box: readonly [number, number, number, number];
  readonly area: number;
  readonly flags: number;
  readonly position: number;
  readonly extra: string | null;
}
export interface ReviewRecord {
  readonly status: ReviewStatus;
  readonly note: string;
}
export interface RunRecord {
  readonly name: string;
  readonly removed: boolean;
}

/** One record's change; null: the record is not there. */
export type RecordChange =
  | {
      readonly table: 'annotations';
      readonly key: number;
      readonly before: AnnotationRecord | null;
      readonly after: AnnotationRecord | null;
    }
  | {
      readonly table: 'review';
      readonly key: number;
      readonly before: ReviewRecord;
      readonly after: ReviewRecord;
    }
  | {
      readonly table: 'categories';
      readonly key: number;
      readonly before: { readonly name: string };
      readonly after: { readonly name: string };
    }
  | { readonly table: 'runs'; readonly key: number; readonly before: RunRecord; readonly after: RunRecord }
  | {
      readonly table: 'verdicts';
      readonly key: string;
      readonly before: ReviewStatus | null;
      readonly after: ReviewStatus | null;
    }
  /** The whole ground truth was put in or exchanged: `snapshots` holds both sides. */
  | {
      readonly table: 'truth';
      readonly key: number;
      readonly before: null;
      readonly after: null;
      /** What the user did to the labels before is still in them. */
      readonly keepsEdits?: true;
    };

/** The change that takes a change back. */
export function reverse(change: RecordChange): RecordChange {
  return { ...change, before: change.after, after: change.before } as RecordChange;
}

export class RecordWriter {
  readonly #putAnnotation;
  readonly #deleteAnnotation;
  readonly #review;
  readonly #category;
  readonly #run;
  readonly #putVerdict;
  readonly #deleteVerdict;

  constructor(db: ProjectDatabase) {
    this.#putAnnotation = db.prepare(
      `INSERT INTO annotations (id, image, category, x, y, width, height, area, flags, position, extra)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET image = excluded.image, category = excluded.category, x = excluded.x, y = excluded.y,
         width = excluded.width, height = excluded.height, area = excluded.area, flags = excluded.flags,
         position = excluded.position, extra = excluded.extra`,
    );
    this.#deleteAnnotation = db.prepare('DELETE FROM annotations WHERE id = ?');
    this.#review = db.prepare('UPDATE images SET status = ?, note = ? WHERE key = ?');
    this.#category = db.prepare('UPDATE categories SET name = ? WHERE id = ?');
    this.#run = db.prepare('UPDATE runs SET name = ?, removed = ? WHERE id = ?');
    this.#putVerdict = db.prepare(
      'INSERT INTO verdicts (target, status) VALUES (?, ?) ON CONFLICT (target) DO UPDATE SET status = excluded.status',
    );
    this.#deleteVerdict = db.prepare('DELETE FROM verdicts WHERE target = ?');
  }

  putAnnotation(record: AnnotationRecord): void {
    const { id, image, category, box, area, flags, position, extra } = record;
    this.#putAnnotation.run(id, image, category, ...box, area, flags, position, extra);
  }

  /** Writes a change's `after`. Changes of `truth` are the caller's. */
  write(change: RecordChange): void {
    switch (change.table) {
      case 'annotations':
        if (change.after) this.putAnnotation(change.after);
        else this.#deleteAnnotation.run(change.key);
        break;
      case 'review':
        this.#review.run(change.after.status, change.after.note, change.key);
        break;
      case 'categories':
        this.#category.run(change.after.name, change.key);
        break;
      case 'runs':
        this.#run.run(change.after.name, change.after.removed ? 1 : 0, change.key);
        break;
      case 'verdicts':
        if (change.after) this.#putVerdict.run(change.key, change.after);
        else this.#deleteVerdict.run(change.key);
        break;
      case 'truth':
        break;
    }
  }
}
