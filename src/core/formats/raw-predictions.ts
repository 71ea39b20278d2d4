/** Builds predictions as their files have them, in columns while records arrive. */
import type { RecordId } from '../dataset/dataset';
import type { RawImage, RawPredictions } from './coco/read-results';
import { GrowingFloat64, GrowingInt32 } from './growing-columns';
import { checkName } from './limits';
import type { Box } from './named-truth';
import type { RecordReporter } from './reading';

export class RawPredictionsBuilder {
  readonly #report: RecordReporter;
  readonly #images: RawImage[] = [];
  readonly #imageIndex = new Map<string, number>();
  readonly #categories: RecordId[] = [];
  readonly #categoryIndex = new Map<RecordId, number>();
  readonly #image = new GrowingInt32();
  readonly #category = new GrowingInt32();
  readonly #box = new GrowingFloat64();
  readonly #score = new GrowingFloat64();
  readonly #fileIndex = new GrowingInt32();
  #records = 0;

  constructor(report: RecordReporter) {
    this.#report = report;
  }

  /** The place of the next record, from 0; records that are left out have one too. */
  nextRecord(): number {
    return this.#records++;
  }

  image(id: RecordId | null, fileName: string | null): number {
    const key = JSON.stringify([id, fileName]);
    const known = this.#imageIndex.get(key);
    if (known !== undefined) return known;
    checkName(fileName ?? '');
    this.#imageIndex.set(key, this.#images.length);
    return this.#images.push({ id, fileName }) - 1;
  }

  add(record: number, image: number, category: RecordId, box: Box, score: number): void {
    if (!Number.isFinite(score)) {
      this.#report.leaveOut('score-invalid', 'A record has no finite score and was left out.', { record });
      return;
    }
    let index = this.#categoryIndex.get(category);
    if (index === undefined) {
      checkName(String(category));
      index = this.#categories.push(category) - 1;
      this.#categoryIndex.set(category, index);
    }
    this.#image.push(image);
    this.#category.push(index);
    for (const value of box) this.#box.push(value);
    this.#score.push(score);
    this.#fileIndex.push(record);
  }

  finish(): RawPredictions {
    return {
      count: this.#image.length,
      image: this.#image.values,
      images: this.#images,
      category: this.#category.values,
      categories: this.#categories,
      box: this.#box.values,
      score: this.#score.values,
      fileIndex: this.#fileIndex.values,
      recordsInFile: this.#records,
      findings: this.#report.list(),
    };
  }
}
