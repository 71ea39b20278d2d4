/** Ground truth in TFRecords of `tf.train.Example`, as the Object Detection API writes them. */
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { FindingPlace } from '../../foundation/finding';
import type { TruthContext } from '../format';
import { mergeTruths, subsetNameOf } from '../merge-truths';
import type { Box } from '../named-truth';
import { NamedTruth } from '../named-truth';
import { imageSize } from '../image-size';
import { folderOf } from '../names';
import type { TruthReading } from '../reading';
import { RecordReporter } from '../reading';
import { isUsableBox, leaveOutWithoutSize, sizeOrNull, usableName } from '../record-box';
import type { Source } from '../source';
import type { Example } from './example';
import { numbers, readExample, text, texts } from './example';
import { doublesOf, spanOf } from './float-shares';
import { KEPT_LISTS, KEYS } from './keys';
import type { KeptFeatures } from './kept-features';
import { FEATURES, keptFeatures } from './kept-features';
import { WireFault } from './protobuf';
import type { RecordPlace } from './records';
import { readRecords, shardSets } from './records';

export function exampleOf(data: Uint8Array, file: string, { index, byte }: RecordPlace): Example {
  try {
    return readExample(data);
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    throw new BadInput(
      'example-invalid',
      `A record is no tf.train.Example (${error.message}).`,
      'Check that the file holds Examples.',
      { file, record: index, byte },
    );
  }
}

/** What an Example says of its image. */
export interface ExampleImage {
  readonly name: string | null;
  readonly sourceId: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

export function imageOf(example: Example): ExampleImage {
  const filename = text(example, KEYS.filename);
  const sourceId = text(example, KEYS.sourceId);
  const encoded = example.get(KEYS.encoded);
  let width = sizeOrNull(numbers(example, KEYS.width)[0]);
  let height = sizeOrNull(numbers(example, KEYS.height)[0]);
  if ((width === null || height === null) && encoded?.kind === 'bytes' && encoded.values[0]) {
    const size = imageSize(encoded.values[0]);
    if (size !== null && size !== 'beyond') ({ width, height } = size);
  }
  const name = filename === null || filename === '' ? null : filename;
  return { name, sourceId: sourceId === '' ? null : sourceId, width, height };
}

/** What an image is called; where its record names none, by the record's place in its set of shards, from 0. */
export function nameOfRecord(example: Example, record: number): string {
  const { name, sourceId } = imageOf(example);
  return name ?? sourceId ?? `record-${record}`;
}

/** Boxes of an Example in pixels; lists of different lengths are not boxes. */
export function boxesOf(
  example: Example,
  keys: { xmin: string; ymin: string; xmax: string; ymax: string; exact: string },
  size: { readonly width: number; readonly height: number },
): Box[] | null {
  const [left, top, right, bottom] = [keys.xmin, keys.ymin, keys.xmax, keys.ymax].map((key) =>
    numbers(example, key),
  ) as [readonly number[], readonly number[], readonly number[], readonly number[]];
  if (top.length !== left.length || right.length !== left.length || bottom.length !== left.length)
    return null;
  const exact = example.get(keys.exact);
  const doubles = exact?.kind === 'bytes' && exact.values[0] ? doublesOf(exact.values[0]) : [];
  const { width, height } = size;
  return left.map((share, at): Box => {
    const own = doubles.slice(at * 4, at * 4 + 4);
    // Whoever changed the shares left the doubles behind.
    const fits =
      doubles.length === left.length * 4 &&
      Math.fround(own[0]! / width) === share &&
      Math.fround(own[1]! / height) === top[at] &&
      Math.fround((own[0]! + own[2]!) / width) === right[at] &&
      Math.fround((own[1]! + own[3]!) / height) === bottom[at];
    if (fits) return own as unknown as Box;
    const [x, w] = spanOf(share, right[at]!, width);
    const [y, h] = spanOf(top[at]!, bottom[at]!, height);
    return [x, y, w, h];
  });
}

const TRUTH_KEYS = {
  xmin: KEYS.xmin,
  ymin: KEYS.ymin,
  xmax: KEYS.xmax,
  ymax: KEYS.ymax,
  exact: KEYS.exactBox,
};

class RecordTruth {
  readonly #truth = new NamedTruth();
  readonly #report: RecordReporter;
  readonly #context: TruthContext;
  readonly #names: ReadonlyMap<number, string> | null;
  /** Numbers of classes are the file's own where each stands for one text. */
  readonly #labels = new Map<number, string>();
  #labelsClash = false;
  #pending: {
    image: number;
    label: number | null;
    text: string | null;
    box: Box;
    flags: number;
    extra: string | null;
    area: number;
    where: FindingPlace;
  }[] = [];
  #records = 0;

  constructor(context: TruthContext, file: string) {
    this.#context = context;
    this.#report = new RecordReporter({ ...context, file });
    this.#names = context.labelMap && new Map(context.labelMap.map(({ id, name }) => [id, name]));
  }

  add(example: Example, where: FindingPlace): void {
    this.#records++;
    const { name: written, sourceId, width, height } = imageOf(example);
    if (written === null && sourceId === null)
      this.#report.note(
        'name-missing',
        'info',
        'A record names no image; its place is taken as its name.',
        where,
      );
    const name = usableName(nameOfRecord(example, where.record!), this.#report, where);
    if (name === null) return;
    if (this.#truth.indexOf(name) !== undefined) {
      this.#report.note(
        'image-repeated',
        'warning',
        'Several records are of an image of the same name; the boxes of all count.',
        { ...where, image: name },
      );
    }
    const id = sourceId !== null && /^(?:0|[1-9]\d{0,14})$/.test(sourceId) ? Number(sourceId) : null;
    const place = { ...where, image: name };
    const kept = this.#context.keepExtra ? this.#keptOf(example, place) : null;
    const extra = kept?.image ? JSON.stringify({ [FEATURES]: kept.image }) : null;
    const image = this.#truth.image(name, width, height, extra, id);
    if (numbers(example, KEYS.xmin).length === 0 && numbers(example, KEYS.ymin).length === 0) return;
    if (width === null || height === null) {
      leaveOutWithoutSize(this.#report, place, numbers(example, KEYS.xmin).length);
      return;
    }
    this.#addObjects(example, image, { width, height }, place, kept?.objects ?? []);
  }

  #keptOf(example: Example, where: FindingPlace): KeptFeatures {
    const kept = keptFeatures(example, numbers(example, KEYS.xmin).length);
    for (const name of kept.tooLong)
      this.#report.note(
        'feature-not-kept',
        'info',
        `The feature ${name} is longer than what is kept besides boxes; it is not kept.`,
        where,
      );
    return kept;
  }

  #addObjects(
    example: Example,
    image: number,
    size: { width: number; height: number },
    where: FindingPlace,
    features: KeptFeatures['objects'],
  ): void {
    const boxes = boxesOf(example, TRUTH_KEYS, size);
    const labels = numbers(example, KEYS.classLabel);
    const names = texts(example, KEYS.classText);
    const fits = (length: number): boolean => length === 0 || length === boxes?.length;
    if (boxes === null || !fits(labels.length) || !fits(names.length)) {
      this.#report.leaveOut(
        'record-invalid',
        'The lists of a record’s boxes and classes have different lengths; its boxes were left out.',
        where,
      );
      return;
    }
    const flag = (key: string, at: number): boolean => (numbers(example, key)[at] ?? 0) !== 0;
    const areas = numbers(example, KEYS.area).length > 0 ? KEYS.area : KEYS.segmentArea;
    boxes.forEach((box, at) => {
      if (!isUsableBox(box, size, this.#report, where)) return;
      const label = labels[at] ?? null;
      const className = names[at] ?? '';
      if (label === null && className === '') {
        this.#report.leaveOut('object-without-class', 'An object has no class and was left out.', where);
        return;
      }
      if (label !== null && className !== '') {
        const known = this.#labels.get(label);
        if (known !== undefined && known !== className) this.#labelsClash = true;
        this.#labels.set(label, known ?? className);
      }
      const flags =
        (flag(KEYS.difficult, at) ? FLAG_DIFFICULT : 0) |
        (flag(KEYS.groupOf, at) ? FLAG_GROUP_OF : 0) |
        (flag(KEYS.crowd, at) ? FLAG_CROWD : 0);
      const text = className === '' ? null : className;
      const extra = this.#context.keepExtra ? keptOf(example, at, features[at]) : null;
      const area = ownArea(numbers(example, areas)[at], box);
      this.#pending.push({ image, label, text, box, flags, extra, area, where });
    });
  }

  /** Given a label map its text wins over the number; without text the map's name of the number. */
  #classOf(label: number | null, text: string | null): number {
    const named =
      text ?? (label === null ? null : (this.#names?.get(label) ?? this.#labels.get(label) ?? null));
    const texts = new Set(this.#labels.values());
    const isOwn = !this.#labelsClash && texts.size === this.#labels.size && label !== null && label > 0;
    return this.#truth.classOf(named ?? String(label), isOwn ? label : null);
  }

  finish(): TruthReading {
    if (this.#records === 0)
      throw new BadInput(
        'truth-without-images',
        'The file has no records.',
        'Check that it is the dataset.',
        this.#context,
      );
    if (this.#labelsClash)
      this.#report.note(
        'class-numbers-clash',
        'warning',
        'A class number stands for several names; the names count.',
      );
    for (const { image, label, text, box, flags, extra, area } of this.#pending)
      this.#truth.add(image, this.#classOf(label, text), box, flags, extra, area);
    this.#pending = [];
    return {
      truth: this.#truth.finish('tfrecord', this.#context.labelMap, this.#report),
      findings: this.#report.list(),
    };
  }
}

/** An area that is not that of the box, within what 32 bits can say. */
function ownArea(area: number | undefined, [, , width, height]: Box): number {
  const ofBox = width * height;
  if (area === undefined || !Number.isFinite(area) || area <= 0) return NaN;
  return Math.abs(area - ofBox) <= 1e-6 * ofBox ? NaN : area;
}

/** Values of lists that hold something else than nothing. */
function keptOf(example: Example, at: number, features: KeptFeatures['objects'][number] = {}): string | null {
  const kept: [string, unknown][] = [];
  for (const key of KEPT_LISTS) {
    const name = key.slice(key.lastIndexOf('/') + 1);
    const value = texts(example, key)[at] ?? numbers(example, key)[at];
    const nothing = name === 'weight' ? 1 : 0;
    if (value !== undefined && value !== '' && value !== 'Unspecified' && value !== nothing)
      kept.push([name, value]);
  }
  if (Object.keys(features).length > 0) kept.push([FEATURES, features]);
  return kept.length > 0 ? JSON.stringify(Object.fromEntries(kept)) : null;
}

export async function readTfrecord(
  source: Source,
  paths: readonly string[],
  context: TruthContext,
): Promise<TruthReading> {
  const sets = shardSets(source, paths);
  const parts = [];
  for (const { name, paths: shards } of sets) {
    const truth = new RecordTruth(context, shards.length === 1 ? source.nameOf(shards[0]!) : source.name);
    let record = 0;
    for (const path of shards) {
      const file = source.nameOf(path);
      await readRecords(source, path, context, (data, place) => {
        truth.add(exampleOf(data, file, place), { file, record: record++, byte: place.byte });
      });
    }
    parts.push({ name: subsetNameOf(name), reading: truth.finish() });
  }
  return mergeTruths(
    parts,
    sets.map(({ name }) => folderOf(name)),
    context.labelMap,
    context,
  );
}
