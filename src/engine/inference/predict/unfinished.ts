/**
 * What an unfinished `predict` has done so far: a file beside the target, one JSON record a line, flushed to disk every
 * few seconds. A line that a crash cut short is dropped; its image is run again.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { BadInput } from '../../../core/foundation/bad-input';
import type { ModelPlan } from '../../../core/inference/model';
import { explainWriteError } from '../../export/atomic';
import type { ImageResult } from '../session/messages';

const COMMIT_EVERY_MS = 2000;
const PIECE = 1 << 20;

/** One image: boxes as x, y, width, height, score, class index. */
export type ImageLine =
  | { readonly image: number; readonly boxes: readonly (readonly number[])[] }
  | { readonly image: number; readonly failed: string; readonly reason: string };

interface HeadLine {
  readonly unfinished: 'reticle-predictions-1';
  /** Of model, options and images: only the same go on. */
  readonly fingerprint: string;
}
interface PlanLine {
  readonly plan: ModelPlan;
}

export const unfinishedPath = (output: string): string => `${output}.unfinished`;

export const lineOf = ({ key, count, box, score, classIndex }: ImageResult): ImageLine => ({
  image: key,
  boxes: Array.from({ length: count }, (_, row) => [
    ...box.subarray(row * 4, row * 4 + 4),
    score[row]!,
    classIndex[row]!,
  ]),
});

function* linesIn(file: string): Generator<{ text: string; end: number }> {
  const handle = openSync(file, 'r');
  try {
    const piece = Buffer.alloc(PIECE);
    let rest: Buffer = Buffer.alloc(0);
    let start = 0;
    for (;;) {
      const read = readSync(handle, piece, 0, PIECE, null);
      if (read === 0) return;
      rest = Buffer.concat([rest, piece.subarray(0, read)]);
      for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
        yield { text: rest.subarray(0, at).toString('utf8'), end: start + at + 1 };
        rest = rest.subarray(at + 1);
        start += at + 1;
      }
    }
  } finally {
    closeSync(handle);
  }
}

/** Images of a file, in the order in which they were run. */
export function* imageLines(file: string): Generator<ImageLine> {
  for (const { text } of linesIn(file)) {
    const line = JSON.parse(text) as ImageLine | HeadLine | PlanLine;
    if ('image' in line) yield line;
  }
}

function openToWrite(file: string, mode: 'w' | 'r+' | 'a'): number {
  try {
    return openSync(file, mode);
  } catch (error) {
    return explainWriteError(error, file);
  }
}

export class Unfinished {
  readonly path: string;
  /** Images done in earlier tries. */
  readonly done: ReadonlySet<number>;
  /** As an earlier try settled it; null where none did. */
  readonly plan: ModelPlan | null;
  readonly #handle: number;
  #hasAdded = false;
  #waiting: string[] = [];
  /** When images were: the first is at once, so that there is something to go on from. */
  #committed = -Infinity;

  private constructor(path: string, handle: number, done: ReadonlySet<number>, plan: ModelPlan | null) {
    this.path = path;
    this.#handle = handle;
    this.done = done;
    this.plan = plan;
  }

  static start(path: string, fingerprint: string): Unfinished {
    const file = new Unfinished(path, openToWrite(path, 'w'), new Set(), null);
    const head: HeadLine = { unfinished: 'reticle-predictions-1', fingerprint };
    file.#waiting.push(JSON.stringify(head));
    file.commit();
    return file;
  }

  /** Throws `BadInput` where it is of another model or other options. */
  static resume(path: string, fingerprint: string): Unfinished {
    const done = new Set<number>();
    let plan: ModelPlan | null = null;
    let head: HeadLine | null = null;
    let end = 0;
    for (const line of linesIn(path)) {
      let record: HeadLine | PlanLine | ImageLine;
      try {
        record = JSON.parse(line.text) as typeof record;
      } catch {
        break;
      }
      end = line.end;
      if ('unfinished' in record) head = record;
      else if ('plan' in record) ({ plan } = record);
      else done.add(record.image);
    }
    if (head?.fingerprint !== fingerprint)
      throw new BadInput(
        'resume-differs',
        `${path} was begun with another model, other options or other images.`,
        'Run with the same ones, or without --resume to start again.',
        { file: path },
      );
    const handle = openToWrite(path, 'r+');
    ftruncateSync(handle, end);
    // Writing goes on at the end.
    closeSync(handle);
    return new Unfinished(path, openToWrite(path, 'a'), done, plan);
  }

  /** Whether there is anything to go on with. */
  get hasImages(): boolean {
    return this.done.size > 0 || this.#hasAdded;
  }

  add(line: ImageLine): void {
    this.#hasAdded = true;
    this.#waiting.push(JSON.stringify(line));
    if (performance.now() - this.#committed < COMMIT_EVERY_MS) return;
    this.commit();
    this.#committed = performance.now();
  }

  settle(plan: ModelPlan): void {
    this.#waiting.push(JSON.stringify({ plan } satisfies PlanLine));
  }

  /** Throws `BadInput` where the disk is full; what was committed before is kept. */
  commit(): void {
    if (this.#waiting.length === 0) return;
    try {
      let rest = Buffer.from(`${this.#waiting.join('\n')}\n`);
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#handle, rest));
      fsyncSync(this.#handle);
    } catch (error) {
      this.#waiting = [];
      const code = (error as { code?: string }).code ?? '';
      if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
      throw new BadInput(
        'disk-full',
        'The disk is full.',
        `Free some space; finished images are kept in ${this.path}, and --resume goes on.`,
        { file: this.path },
      );
    }
    this.#waiting = [];
  }

  close(): void {
    this.commit();
    closeSync(this.#handle);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}
