/** COCO results: an array of `{image_id, category_id, bbox, score}`, or one record a line. */
import type { RecordId } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { Finding } from '../../foundation/finding';
import { isProblem, readBox } from '../box-checks';
import { isRecord } from '../extra';
import { GrowingFloat64 } from '../growing-columns';
import { JsonRecordSplitter } from '../json/record-splitter';
import type { ReadOptions } from '../reading';
import { RecordReporter } from '../reading';

/** Predictions as their file has them, not yet joined to a truth. */
export interface RawPredictions {
  readonly count: number;
  /** `image_id` as it stands. */
  readonly imageId: readonly RecordId[];
  /** `category_id` as it stands. */
  readonly categoryId: readonly RecordId[];
  /** `file_name`, where records have one. */
  readonly fileName: readonly (string | null)[] | null;
  readonly box: Float64Array;
  readonly score: Float64Array;
  /** The record's place in its file. */
  readonly fileIndex: Float64Array;
  /** Records of the file, those left out too. */
  readonly recordsInFile: number;
  readonly findings: readonly Finding[];
}

const isId = (value: unknown): value is RecordId =>
  (typeof value === 'number' && Number.isSafeInteger(value)) || (typeof value === 'string' && value !== '');

export class CocoResultsReader {
  readonly #report: RecordReporter;
  readonly #splitter: JsonRecordSplitter;
  readonly #file: string;
  readonly #imageId: RecordId[] = [];
  readonly #categoryId: RecordId[] = [];
  readonly #fileName: (string | null)[] = [];
  #hasFileNames = false;
  readonly #box = new GrowingFloat64();
  readonly #score = new GrowingFloat64();
  readonly #fileIndex = new GrowingFloat64();
  #records = 0;
  #withoutBox = 0;
  #withMaskOrKeypoints = 0;

  constructor(options: ReadOptions) {
    this.#file = options.file;
    this.#report = new RecordReporter(options);
    this.#splitter = new JsonRecordSplitter(options.file, {
      wanted: new Set([null]),
      record: (_, value, index) => this.#add(value, index),
    });
  }

  push(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
  }

  /** Throws `BadInput` where the file is not complete, or holds masks or keypoints only. */
  end(): RawPredictions {
    this.#splitter.end();
    if (this.#records > 0 && this.#withoutBox === this.#records && this.#withMaskOrKeypoints > 0) {
      throw new BadInput(
        'results-without-boxes',
        'The results hold only masks or keypoints, no boxes.',
        'Export the model’s boxes (bbox), or convert the masks to boxes first.',
        { file: this.#file },
      );
    }
    return {
      count: this.#imageId.length,
      imageId: this.#imageId,
      categoryId: this.#categoryId,
      fileName: this.#hasFileNames ? this.#fileName : null,
      box: this.#box.values,
      score: this.#score.values,
      fileIndex: this.#fileIndex.values,
      recordsInFile: this.#records,
      findings: this.#report.list(),
    };
  }

  #add(value: unknown, record: number): void {
    this.#records++;
    if (value === undefined) {
      this.#report.leaveOut('not-a-number', 'A record holds NaN or Infinity and was left out.', { record });
      return;
    }
    if (!isRecord(value)) {
      this.#report.leaveOut('record-invalid', 'A record is not an object and was left out.', { record });
      return;
    }
    const { image_id: imageId, category_id: categoryId, bbox, score, file_name: fileName } = value;
    const named = typeof fileName === 'string' && fileName !== '' ? fileName : null;
    if (!isId(imageId) && named === null) {
      this.#report.leaveOut('image-id-invalid', 'A record has no usable image_id and was left out.', {
        record,
      });
      return;
    }
    if (!isId(categoryId)) {
      this.#report.leaveOut('category-id-invalid', 'A record has no usable category_id and was left out.', {
        record,
      });
      return;
    }
    const box = readBox(bbox);
    if (isProblem(box)) {
      if (bbox === undefined) {
        this.#withoutBox++;
        if ('segmentation' in value || 'keypoints' in value) this.#withMaskOrKeypoints++;
      }
      if (bbox === undefined && this.#withMaskOrKeypoints > 0)
        this.#report.note(
          'record-without-box',
          'error',
          'A record holds a mask or keypoints but no box and was left out.',
          { record },
        );
      else this.#report.leaveOut(box.code, box.message, { record });
      return;
    }
    if (typeof score !== 'number' || !Number.isFinite(score)) {
      this.#report.leaveOut('score-invalid', 'A record has no finite score and was left out.', { record });
      return;
    }
    if (box[2] === 0 || box[3] === 0)
      this.#report.note(
        'box-without-area',
        'warning',
        'A predicted box has no area; it is kept and can match nothing.',
        { record },
      );
    this.#imageId.push(isId(imageId) ? imageId : named!);
    this.#categoryId.push(categoryId);
    this.#fileName.push(named);
    this.#hasFileNames ||= named !== null;
    this.#box.push(...box);
    this.#score.push(score);
    this.#fileIndex.push(record);
  }
}
