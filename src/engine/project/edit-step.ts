/** Turns operations into record changes, in order, each seeing what the ones before it did. Nothing is written here. */
import type { Operation } from '../../contract/engine-calls';
import { FLAG_CROWD, FLAG_DIFFICULT } from '../../core/dataset/dataset';
import { assertNever } from '../../core/foundation/assert-never';
import { BadInput } from '../../core/foundation/bad-input';
import type { AnnotationRecord, RecordChange, ReviewRecord } from '../store/records';
import type { ProjectData } from './project-data';

type Of<K extends string> = Extract<Operation, Record<K, unknown>> extends Record<K, infer V> ? V : never;
type BoxTuple = readonly [number, number, number, number];

const unknown = (code: string, what: string): BadInput =>
  new BadInput(code, `There is no ${what}.`, 'Nothing of the step was done; correct it and try again.');

const withFlag = (flags: number, flag: number, value: boolean | undefined): number =>
  value === undefined ? flags : value ? flags | flag : flags & ~flag;

export class EditStep {
  readonly #data: ProjectData;
  readonly #annotations = new Map<number, AnnotationRecord | null>();
  readonly #reviews = new Map<number, ReviewRecord>();
  readonly #names = new Map<number, string>();
  readonly #verdicts = new Map<string, Of<'judge'>['status'] | null>();
  #nextId: number;
  #nextPosition: number;

  constructor(data: ProjectData, lastAnnotationId: number) {
    this.#data = data;
    this.#nextId = lastAnnotationId + 1;
    this.#nextPosition = data.lastPosition + 1;
  }

  get lastAnnotationId(): number {
    return this.#nextId - 1;
  }

  /** Throws `BadInput` where the operation names something that is not there. */
  apply(operation: Operation): void {
    if ('add' in operation) this.#add(operation.add);
    else if ('change' in operation) this.#change(operation.change);
    else if ('delete' in operation)
      this.#annotations.set(this.#existing(operation.delete.annotation).id, null);
    else if ('accept' in operation) this.#accept(operation.accept);
    else if ('replace' in operation) this.#replace(operation.replace);
    else if ('review' in operation) this.#review(operation.review);
    else if ('judge' in operation) this.#judge(operation.judge);
    else if ('renameCategory' in operation) this.#rename(operation.renameCategory);
    else assertNever(operation);
  }

  /** What differs from before the step. */
  changes(): RecordChange[] {
    const changes: RecordChange[] = [];
    for (const [key, after] of this.#annotations) {
      const before = this.#data.annotation(key);
      if (before !== null || after !== null) changes.push({ table: 'annotations', key, before, after });
    }
    for (const [key, after] of this.#reviews) {
      const { status, note } = this.#image(key);
      changes.push({ table: 'review', key, before: { status, note }, after });
    }
    for (const [key, name] of this.#names) {
      changes.push({ table: 'categories', key, before: { name: this.#category(key).name }, after: { name } });
    }
    for (const [key, after] of this.#verdicts) {
      changes.push({ table: 'verdicts', key, before: this.#data.verdicts.get(key) ?? null, after });
    }
    return changes;
  }

  #image(key: number) {
    const index = this.#data.indexOfImage.get(key);
    if (index === undefined) throw unknown('image-unknown', `image ${key}`);
    return this.#data.images[index]!;
  }

  #category(id: number) {
    const index = this.#data.indexOfCategory.get(id);
    if (index === undefined) throw unknown('category-unknown', `class ${id}`);
    return this.#data.categories[index]!;
  }

  #existing(id: number): AnnotationRecord {
    const record = this.#annotations.has(id) ? this.#annotations.get(id) : this.#data.annotation(id);
    if (!record) throw unknown('annotation-unknown', `annotation ${id}`);
    return record;
  }

  #prediction(run: number, fileIndex: number): { image: number; category: number; box: BoxTuple } {
    if (!this.#data.runs.some(({ id, removed }) => id === run && !removed))
      throw unknown('run-unknown', `run ${run}`);
    const row = this.#data.predictionRow(run, fileIndex);
    if (row < 0) throw unknown('prediction-unknown', `prediction ${fileIndex} in that run`);
    const { columns } = this.#data.predictions(run);
    const [x, y, width, height] = columns.box.subarray(row * 4, row * 4 + 4) as unknown as BoxTuple;
    if (!(width > 0 && height > 0)) {
      throw new BadInput(
        'box-empty',
        `Prediction ${fileIndex} has no area.`,
        'Draw the box by hand instead.',
      );
    }
    return {
      image: this.#data.images[columns.image[row]!]!.key,
      category: this.#data.categories[columns.category[row]!]!.id,
      box: [x, y, width, height],
    };
  }

  #put(image: number, category: number, box: BoxTuple, flags: number): void {
    const id = this.#nextId++;
    const position = this.#nextPosition++;
    this.#annotations.set(id, {
      id,
      image,
      category,
      box,
      area: box[2] * box[3],
      flags,
      position,
      extra: null,
    });
  }

  #add({ image, category, box, difficult, crowd }: Of<'add'>): void {
    const flags = withFlag(withFlag(0, FLAG_DIFFICULT, difficult), FLAG_CROWD, crowd);
    this.#put(this.#image(image).key, this.#category(category).id, box, flags);
  }

  #change({ annotation, box, category, difficult, crowd }: Of<'change'>): void {
    const before = this.#existing(annotation);
    this.#annotations.set(annotation, {
      ...before,
      category: category === undefined ? before.category : this.#category(category).id,
      box: box ?? before.box,
      area: box ? box[2] * box[3] : before.area,
      flags: withFlag(withFlag(before.flags, FLAG_DIFFICULT, difficult), FLAG_CROWD, crowd),
    });
  }

  #accept({ run, prediction }: Of<'accept'>): void {
    const { image, category, box } = this.#prediction(run, prediction);
    this.#put(image, category, box, 0);
  }

  #replace({ annotation, run, prediction }: Of<'replace'>): void {
    const before = this.#existing(annotation);
    const { image, category, box } = this.#prediction(run, prediction);
    if (image !== before.image) {
      throw new BadInput(
        'images-differ',
        `Annotation ${annotation} and prediction ${prediction} are on different images.`,
        'Choose a prediction on the same image.',
      );
    }
    this.#annotations.set(annotation, { ...before, category, box, area: box[2] * box[3] });
  }

  #review({ image, status, note }: Of<'review'>): void {
    const { key, ...known } = this.#image(image);
    const before = this.#reviews.get(key) ?? { status: known.status, note: known.note };
    this.#reviews.set(key, { status: status ?? before.status, note: note ?? before.note });
  }

  #judge({ target, status }: Of<'judge'>): void {
    if ('annotation' in target) this.#verdict(`a:${this.#existing(target.annotation).id}`, status);
    else {
      if (this.#data.predictionRow(target.run, target.prediction) < 0)
        throw unknown('prediction-unknown', `prediction ${target.prediction} in that run`);
      this.#verdict(`p:${target.run}:${target.prediction}`, status);
    }
  }

  #verdict(key: string, status: Of<'judge'>['status']): void {
    this.#verdicts.set(key, status === 'to-do' ? null : status);
  }

  #rename({ category, name }: Of<'renameCategory'>): void {
    const { id } = this.#category(category);
    const isTaken = this.#data.categories.some(
      (other) => other.id !== id && (this.#names.get(other.id) ?? other.name) === name,
    );
    if (isTaken)
      throw new BadInput('category-exists', `There is a class “${name}” already.`, 'Choose another name.');
    this.#names.set(id, name);
  }
}
