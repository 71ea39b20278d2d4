import { type Category, FLAG_UNSEEN, type PredictionColumns } from '../dataset/dataset';
import type { ImageTruth, ScoringInput } from '../metrics/evaluation';
import { CellMatcher } from './cell-matcher';
import { cellRows } from './cell-rows';
import { groupByClass } from './grouping';
import { imageOrder, type ImageOrder } from './image-order';
import { ignoredRangeBits, maskWords, type MatchRule, type MatchScope, OPEN_SCOPE } from './match-rule';
import { type ClassMatches, copyHits, spliceCell } from './class-matches';
import {
  buildPredictionTable,
  type ClassPredictions,
  findCell,
  type PredictionTable,
} from './prediction-table';
import { type TruthRows, TruthStore } from './truth-store';

/** The annotations of a class: where they stand, and in which ranges they do not count. */
export interface ClassTruth {
  /** Place of the image. */
  readonly place: Int32Array;
  /** Bit per area range in which the annotation is ignored. */
  readonly ignored: Int32Array;
  /** 1 where the protocol sees the annotation. */
  readonly seen: Uint8Array;
  /** By place: boxes of the class that only fill the image up; null where none do. */
  readonly padding: Int32Array | null;
}

/** What is made once of predictions and first annotations: plain columns, which another thread can make. */
export interface MadeMatches {
  readonly predictions: Omit<PredictionTable, 'columns'>;
  readonly classes: readonly ClassMatches[];
}

/**
 * The one table of matches: who can match whom at which IoU, and who does at each threshold in each area range.
 * Accumulation, counts, outcomes and error types read it; nothing else matches.
 */
export class MatchTable {
  readonly rule: MatchRule;
  readonly scope: MatchScope;
  readonly order: ImageOrder;
  readonly predictions: PredictionTable;
  readonly truth: TruthStore;
  readonly classCount: number;
  readonly #categories: readonly Category[];
  readonly #classes: ClassMatches[];
  readonly #matcher: CellMatcher;
  /** Masks of a hit in each of `matched` and `ignored`. */
  readonly masks: number;

  /** `made`: of the same input under the same rule and scope. */
  constructor(
    input: ScoringInput,
    rule: MatchRule,
    scope: MatchScope = OPEN_SCOPE,
    made: MadeMatches | null = null,
  ) {
    this.rule = rule;
    this.scope = scope;
    this.#categories = input.categories;
    this.order = imageOrder(input.imageIds, rule.ties === 'reversed' ? 'last-first' : 'by-id');
    this.predictions = made
      ? { ...made.predictions, columns: input.predictions }
      : buildPredictionTable(input.predictions, this.order, input.categories.length, rule, scope);
    this.truth = new TruthStore(input.annotations, input.imageIds.length);
    this.classCount = rule.isClassAgnostic ? 1 : input.categories.length;
    this.#matcher = new CellMatcher(rule);
    this.masks = rule.ranges.length * maskWords(rule);
    this.#classes = made ? [...made.classes] : this.#matchAll();
  }

  /** Its columns, for a table on another thread; true until the next edit. */
  made(): MadeMatches {
    const { classes, imageRows, imageStarts } = this.predictions;
    return { predictions: { classes, imageRows, imageStarts }, classes: this.#classes };
  }

  matches(klass: number): ClassMatches {
    return this.#classes[klass]!;
  }

  /** Class of a category index: itself, or the one class of a class-agnostic evaluation. */
  classOf(category: number): number {
    return this.rule.isClassAgnostic ? 0 : category;
  }

  get columns(): PredictionColumns {
    return this.predictions.columns;
  }

  /** By class: its annotations as they are now, images by place. */
  classTruths(): ClassTruth[] {
    const found = Array.from({ length: this.classCount }, () => ({
      place: [] as number[],
      ignored: [] as number[],
      seen: [] as number[],
    }));
    for (const [place, image] of this.order.images.entries()) {
      const truth = this.truth.rows(image);
      for (let row = truth.from; row < truth.to; row++) {
        const list = found[this.classOf(truth.columns.category[row]!)]!;
        list.place.push(place);
        list.ignored.push(ignoredRangeBits(this.rule, truth.columns, row));
        list.seen.push(truth.columns.flags[row]! & FLAG_UNSEEN ? 0 : 1);
      }
    }
    return found.map(({ place, ignored, seen }, klass) => ({
      place: Int32Array.from(place),
      ignored: Int32Array.from(ignored),
      seen: Uint8Array.from(seen),
      padding:
        this.scope.padding?.klass === klass
          ? this.order.images.map((image) => this.#paddingOf(klass, this.truth.rows(image)))
          : null,
    }));
  }

  /** The classes whose matches would differ, with their matches made anew; the table itself stays as it is. */
  rematch(image: number, truth: ImageTruth): ReadonlyMap<number, ClassMatches> {
    const before = this.truth.rows(image);
    const after: TruthRows = { columns: truth, from: 0, to: truth.count };
    const rematched = new Map<number, ClassMatches>();
    for (const klass of this.#touchedClasses(before, after)) {
      rematched.set(klass, this.#rematchClass(klass, image, before, after));
    }
    return rematched;
  }

  /** Keeps what `rematch` made for this image and truth. */
  keep(image: number, truth: ImageTruth, rematched: ReadonlyMap<number, ClassMatches>): void {
    this.truth.replace(image, truth);
    for (const [klass, matches] of rematched) this.#classes[klass] = matches;
  }

  #matchAll(): ClassMatches[] {
    const base = this.truth.base;
    const image = imageOfRows(this.truth.starts);
    const groups = groupByClass(
      { count: base.count, image, category: base.category },
      this.order.places,
      this.#categories.length,
      this.rule.isClassAgnostic,
    );
    return this.predictions.classes.map((predictions, klass) => {
      const rows = groups.rows.subarray(groups.starts[klass], groups.starts[klass + 1]);
      return this.#matchClass(klass, predictions, rows, image);
    });
  }

  /** `rows`: the class's annotations in `truth.base`, images by place. */
  #matchClass(
    klass: number,
    predictions: ClassPredictions,
    rows: Int32Array,
    image: Int32Array,
  ): ClassMatches {
    const matcher = this.#matcher;
    const { hits } = matcher;
    const base = this.truth.base;
    const { places } = this.order;
    const cells = predictions.cellPlace.length;
    const cellHits = new Int32Array(cells + 1);
    hits.clear();
    const cellDropped = this.scope.isVerified ? new Uint8Array(cells) : null;
    let next = 0;
    for (let cell = 0; cell < cells; cell++) {
      const place = predictions.cellPlace[cell]!;
      while (next < rows.length && places[image[rows[next]!]!]! < place) next++;
      matcher.begin(base);
      const first = next;
      while (next < rows.length && places[image[rows[next]!]!]! === place) matcher.addTruth(rows[next++]!);
      if (cellDropped) {
        const index = this.order.images[place]!;
        const holds = this.#holds(klass, this.truth.rows(index), rows.subarray(first, next));
        cellDropped[cell] = this.#isDropped(klass, index, holds) ? 1 : 0;
      }
      matcher.match(predictions, cell, this.columns);
      cellHits[cell + 1] = hits.hitCount;
    }
    const positives = new Int32Array(this.rule.ranges.length);
    this.#countPositives(positives, base, rows, 1);
    return {
      ...copyHits(hits, this.masks),
      cellHits,
      positives,
      cellDropped,
      ...this.#holdings(klass, rows, image),
    };
  }

  /** What the class's annotations, `rows` of `truth.base` image by image, are in all. */
  #holdings(
    klass: number,
    rows: Int32Array,
    image: Int32Array,
  ): Pick<ClassMatches, 'seen' | 'images' | 'padding'> {
    const { flags } = this.truth.base;
    let seen = 0;
    let images = 0;
    let last = -1;
    for (const row of rows) {
      if (flags[row]! & FLAG_UNSEEN) continue;
      seen++;
      // Images that are padded with boxes of the class are counted below.
      if (image[row] !== last && this.#paddingOf(klass, this.truth.rows(image[row]!)) === 0) images++;
      last = image[row]!;
    }
    let padding = 0;
    if (klass === this.scope.padding?.klass) {
      for (const index of this.order.images) {
        const added = this.#paddingOf(klass, this.truth.rows(index));
        padding += added;
        if (added > 0) images++;
      }
    }
    return { seen, images, padding };
  }

  /** Boxes of the class that fill the image up. */
  #paddingOf(klass: number, truth: TruthRows): number {
    const { padding } = this.scope;
    return padding?.klass === klass ? Math.max(0, padding.boxes - (truth.to - truth.from)) : 0;
  }

  /** Whether the image has an annotation of the class that the protocol sees; `rows` are those of the class. */
  #holds(klass: number, truth: TruthRows, rows: Int32Array): boolean {
    return (
      this.#paddingOf(klass, truth) > 0 || rows.some((row) => !(truth.columns.flags[row]! & FLAG_UNSEEN))
    );
  }

  #isDropped(klass: number, image: number, holds: boolean): boolean {
    return !holds && this.scope.isVerified !== null && !this.scope.isVerified(image, klass);
  }

  #rematchClass(klass: number, image: number, before: TruthRows, after: TruthRows): ClassMatches {
    const old = this.#classes[klass]!;
    const oldRows = cellRows(before, klass, this.rule.isClassAgnostic);
    const newRows = cellRows(after, klass, this.rule.isClassAgnostic);
    const positives = old.positives.slice();
    this.#countPositives(positives, before.columns, oldRows, -1);
    this.#countPositives(positives, after.columns, newRows, 1);
    const changed = {
      ...old,
      positives,
      ...this.#changedHoldings(old, klass, [before, oldRows], [after, newRows]),
    };
    const predictions = this.predictions.classes[klass]!;
    const cell = findCell(predictions, this.order.places[image]!);
    if (cell < 0) return changed;
    const cellDropped = old.cellDropped?.slice() ?? null;
    if (cellDropped)
      cellDropped[cell] = this.#isDropped(klass, image, this.#holds(klass, after, newRows)) ? 1 : 0;
    const matcher = this.#matcher;
    matcher.hits.clear();
    matcher.begin(after.columns);
    for (const row of newRows) matcher.addTruth(row);
    matcher.match(predictions, cell, this.columns);
    return { ...spliceCell(changed, cell, matcher.hits, this.masks), cellDropped };
  }

  #changedHoldings(
    old: ClassMatches,
    klass: number,
    [before, oldRows]: readonly [TruthRows, Int32Array],
    [after, newRows]: readonly [TruthRows, Int32Array],
  ): Pick<ClassMatches, 'seen' | 'images' | 'padding'> {
    const seenIn = (truth: TruthRows, rows: Int32Array) =>
      rows.reduce((count, row) => count + (truth.columns.flags[row]! & FLAG_UNSEEN ? 0 : 1), 0);
    return {
      seen: old.seen + seenIn(after, newRows) - seenIn(before, oldRows),
      images:
        old.images + Number(this.#holds(klass, after, newRows)) - Number(this.#holds(klass, before, oldRows)),
      padding: old.padding + this.#paddingOf(klass, after) - this.#paddingOf(klass, before),
    };
  }

  #countPositives(positives: Int32Array, columns: ImageTruth, rows: Int32Array, step: number): void {
    for (const row of rows) {
      const ignored = ignoredRangeBits(this.rule, columns, row);
      for (let range = 0; range < positives.length; range++) {
        if (!(ignored & (1 << range))) positives[range]! += step;
      }
    }
  }

  /** Classes of which the image's annotations differ in anything but their id and their place among other classes. */
  #touchedClasses(before: TruthRows, after: TruthRows): number[] {
    const present = new Set<number>();
    for (const { columns, from, to } of [before, after]) {
      for (let row = from; row < to; row++) present.add(this.classOf(columns.category[row]!));
    }
    const padded = this.scope.padding?.klass;
    if (padded !== undefined) present.add(padded);
    return [...present].filter((klass) => !this.#isSameCell(klass, before, after)).sort((a, b) => a - b);
  }

  #isSameCell(klass: number, before: TruthRows, after: TruthRows): boolean {
    const oldRows = cellRows(before, klass, this.rule.isClassAgnostic);
    const newRows = cellRows(after, klass, this.rule.isClassAgnostic);
    return (
      this.#paddingOf(klass, before) === this.#paddingOf(klass, after) &&
      oldRows.length === newRows.length &&
      oldRows.every((row, index) => isSameTruth(before.columns, row, after.columns, newRows[index]!))
    );
  }
}

function isSameTruth(a: ImageTruth, i: number, b: ImageTruth, j: number): boolean {
  for (let part = 0; part < 4; part++) {
    if (!Object.is(a.box[i * 4 + part], b.box[j * 4 + part])) return false;
  }
  return a.category[i] === b.category[j] && Object.is(a.area[i], b.area[j]) && a.flags[i] === b.flags[j];
}

function imageOfRows(starts: Int32Array): Int32Array {
  const image = new Int32Array(starts[starts.length - 1]!);
  for (let index = 0; index + 1 < starts.length; index++) image.fill(index, starts[index], starts[index + 1]);
  return image;
}
