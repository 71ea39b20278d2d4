/** Brings the work of other projects into one: what parts of a split changed, or what unrelated projects hold. */
import path from 'node:path';
import type { Operation } from '../../contract/engine-calls';
import { FLAG_CROWD, FLAG_DIFFICULT } from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Finding } from '../../core/foundation/finding';
import { FindingCollector } from '../../core/foundation/finding';
import { readMeta } from '../store/meta';
import type { AnnotationRecord, RecordChange } from '../store/records';
import type { Scored, StepOutcome } from './session';
import type { ProjectSession } from './session';
import { PROJECT_ID, SPLIT_FROM, SPLIT_STEP } from './split';
import { unite } from './unite';

export interface Merged {
  /** Null where there was nothing to bring in. */
  readonly outcome: StepOutcome | null;
  readonly findings: readonly Finding[];
}

/** Net changes of a part's own steps: what each record was before the first, and is after the last. */
function ownChanges(part: ProjectSession): RecordChange[] {
  const since = Number(readMeta(part.db, SPLIT_STEP));
  const net = new Map<string, RecordChange>();
  for (const { step, changes } of part.log.all()) {
    if (step <= since) continue;
    for (const change of changes) {
      const key = `${change.table} ${change.key}`;
      const known = net.get(key);
      net.set(key, known ? ({ ...change, before: known.before } as RecordChange) : change);
    }
  }
  return [...net.values()];
}

const sameBox = (a: AnnotationRecord['box'], b: AnnotationRecord['box']): boolean =>
  a.every((value, i) => value === b[i]);
const sameLabel = (a: AnnotationRecord, b: AnnotationRecord): boolean =>
  a.category === b.category && a.flags === b.flags && sameBox(a.box, b.box);
const flagsOf = ({ flags }: AnnotationRecord) => ({
  difficult: (flags & FLAG_DIFFICULT) !== 0,
  crowd: (flags & FLAG_CROWD) !== 0,
});

/** Turns one part's changes into operations on the whole; what the whole has changed meanwhile stays as it is there. */
class PartMerger {
  readonly operations: Operation[] = [];
  readonly #whole: ProjectSession;
  readonly #part: ProjectSession;
  readonly #findings: FindingCollector;
  readonly #keyOfName: ReadonlyMap<string, number>;

  constructor(whole: ProjectSession, part: ProjectSession, findings: FindingCollector) {
    this.#whole = whole;
    this.#part = part;
    this.#findings = findings;
    this.#keyOfName = new Map(whole.data.images.map(({ fileName, key }) => [fileName, key]));
  }

  add(change: RecordChange): void {
    switch (change.table) {
      case 'annotations':
        this.#annotation(change.key, change.before, change.after);
        break;
      case 'review':
        this.#review(change);
        break;
      case 'categories':
        this.#category(change);
        break;
      case 'verdicts':
        this.#verdict(change);
        break;
      case 'runs':
        this.#note(
          'merge-left-out',
          'Runs that a part added, renamed or removed are left out; do that in the whole.',
        );
        break;
      case 'truth':
        throw new BadInput(
          'merge-impossible',
          'The ground truth of a part was exchanged: its labels no longer follow from the whole.',
          'Undo that import in the part, or merge the part into an empty project.',
          { file: this.#part.path },
        );
    }
  }

  #note(code: string, message: string, image?: string): void {
    const where = { file: this.#part.path, ...(image === undefined ? {} : { image }) };
    this.#findings.add(code, 'warning', message, where);
  }

  #conflict(image?: string): void {
    this.#note(
      'merge-conflict',
      'The part and the whole changed the same record differently; the whole’s is kept.',
      image,
    );
  }

  #imageName(key: number): string {
    return this.#part.data.images[this.#part.data.indexOfImage.get(key)!]!.fileName;
  }

  #annotation(id: number, before: AnnotationRecord | null, after: AnnotationRecord | null): void {
    const name = this.#imageName((after ?? before)!.image);
    const image = this.#keyOfName.get(name);
    if (image === undefined) {
      this.#conflict(name);
      return;
    }
    if (before === null) {
      if (after) this.#new(image, after);
      return;
    }
    const current = this.#whole.data.annotation(id);
    if (after ? current && sameLabel(current, after) : !current) return;
    if (!current || !sameLabel(current, before)) this.#conflict(name);
    else if (!after) this.operations.push({ delete: { annotation: id } });
    else this.#changed(id, before, after);
  }

  /** A box that is there already, to the last bit, came with an earlier merge. */
  #new(image: number, record: AnnotationRecord): void {
    const known = this.#whole.data.annotations[this.#whole.data.indexOfImage.get(image)!]!;
    if (known.some((other) => sameLabel(other, record))) return;
    const [x, y, width, height] = record.box;
    this.operations.push({
      add: { image, category: record.category, box: [x, y, width, height], ...flagsOf(record) },
    });
  }

  #changed(annotation: number, before: AnnotationRecord, after: AnnotationRecord): void {
    const [x, y, width, height] = after.box;
    const moved: { box?: [number, number, number, number] } = sameBox(before.box, after.box)
      ? {}
      : { box: [x, y, width, height] };
    this.operations.push({ change: { annotation, category: after.category, ...moved, ...flagsOf(after) } });
  }

  #review({ key, before, after }: Extract<RecordChange, { table: 'review' }>): void {
    const name = this.#imageName(key);
    const image = this.#keyOfName.get(name);
    if (image === undefined) {
      this.#conflict(name);
      return;
    }
    const { data } = this.#whole;
    const { status, note } = data.images[data.indexOfImage.get(image)!]!;
    if (status === after.status && note === after.note) return;
    if (status !== before.status || note !== before.note) this.#conflict(name);
    else this.operations.push({ review: { image, ...after } });
  }

  #category({ key, before, after }: Extract<RecordChange, { table: 'categories' }>): void {
    const name = this.#whole.data.categories[this.#whole.data.indexOfCategory.get(key) ?? -1]?.name;
    if (name === after.name) return;
    if (name !== before.name) this.#conflict();
    else this.operations.push({ renameCategory: { category: key, name: after.name } });
  }

  #verdict({ key, after }: Extract<RecordChange, { table: 'verdicts' }>): void {
    const [kind, first, second] = key.split(':');
    const status = after ?? 'to-do';
    if (kind === 'a') {
      const annotation = Number(first);
      if (this.#whole.data.annotation(annotation))
        this.operations.push({ judge: { target: { annotation }, status } });
      return;
    }
    const name = this.#part.data.runs.find(({ id }) => id === Number(first))?.name;
    const run = this.#whole.runs.find((one) => one.name === name)?.id;
    const prediction = Number(second);
    if (run !== undefined && this.#whole.data.predictionRow(run, prediction) >= 0)
      this.operations.push({ judge: { target: { run, prediction }, status } });
  }
}

function isPartOf(part: ProjectSession, whole: ProjectSession): boolean {
  const from = readMeta(part.db, SPLIT_FROM);
  return from !== null && from === readMeta(whole.db, PROJECT_ID);
}

/**
 * Merges projects into `whole` as one undoable step, all or none. Parts of its split give what was changed in them;
 * others give the images that `whole` has not, with labels and predictions. Throws `BadInput` where an image of the
 * same name has different labels in unrelated projects.
 */
export function mergeProjects(
  whole: ProjectSession,
  parts: readonly ProjectSession[],
  author: string,
  scored: Scored,
): Merged {
  const related = parts.filter((part) => isPartOf(part, whole));
  if (related.length < parts.length && related.length > 0) {
    throw new BadInput(
      'merge-impossible',
      'Some of the projects are parts of this one’s split, others are not.',
      'Merge the parts first, the others after them.',
      { file: parts.find((part) => !isPartOf(part, whole))!.path },
    );
  }
  const findings = new FindingCollector();
  const label = `Merge ${parts.map((part) => path.basename(part.path)).join(', ')}`;
  if (related.length === 0) return unite(whole, parts, author, label, scored, findings);
  const operations: Operation[] = [];
  for (const part of parts) {
    const merger = new PartMerger(whole, part, findings);
    for (const change of ownChanges(part)) merger.add(change);
    operations.push(...merger.operations);
  }
  const outcome = operations.length === 0 ? null : whole.apply(operations, author, label, scored, 'merge');
  return { outcome, findings: findings.list() };
}
