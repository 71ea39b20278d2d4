/**
 * KITTI's object labels: a text file an image, `type truncated occluded alpha left top right bottom h w l x y z ry`, with a
 * score in a 16th field for results. `DontCare` is a region to ignore.
 */
import type { PredictionColumns, Truth } from '../../dataset/dataset';
import { FLAG_IGNORE } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { FindingPlace } from '../../foundation/finding';
import { farCorner, lengthBetween, parseDecimal } from '../decimal';
import { parseExtra } from '../extra';
import type { FileHead, Format, Surveyed, TargetFile, TruthContext } from '../format';
import { headOf } from '../head';
import { imageFinder } from '../join';
import { LineEnds } from '../line-ends';
import type { TruthPart } from '../merge-truths';
import { mergeTruths } from '../merge-truths';
import { NamedTruth } from '../named-truth';
import type { Box } from '../named-truth';
import { baseName, byFolder, safeRelativePath, stemOf } from '../names';
import { RawPredictionsBuilder } from '../raw-predictions';
import type { TruthReading } from '../reading';
import { RecordReporter } from '../reading';
import { isUsableBox } from '../record-box';
import type { Source } from '../source';
import { readEach } from '../source';
import { decodeText } from '../text';
import { rowsByImage } from '../yolo/write-yolo';

const FIELDS = 15;
const IGNORED = 'DontCare';
/** Fields beside the box, with what stands for “unknown”. */
const OTHERS = [
  ['truncated', 1, '0'],
  ['occluded', 2, '0'],
  ['alpha', 3, '-10'],
  ['height3d', 8, '-1'],
  ['width3d', 9, '-1'],
  ['length3d', 10, '-1'],
  ['x3d', 11, '-1000'],
  ['y3d', 12, '-1000'],
  ['z3d', 13, '-1000'],
  ['rotation_y', 14, '-10'],
] as const;

interface Line {
  readonly className: string;
  readonly box: Box;
  readonly score: number;
  readonly extra: string | null;
  readonly where: FindingPlace;
}

function linesOf(bytes: Uint8Array, file: string, image: string, ends: LineEnds): Line[] {
  const { text } = decodeText(bytes);
  ends.add(text, file);
  return text.split(/\r\n|\n|\r/).flatMap((written, index): Line | [] => {
    const fields = written.trim().split(/\s+/);
    if (fields.length === 1 && fields[0] === '') return [];
    const where = { file, line: index + 1, image };
    if (fields.length < FIELDS || fields.length > FIELDS + 1)
      throw new BadInput(
        'not-kitti',
        `A line has ${fields.length} fields, not 15 (or 16 with a score).`,
        'Get the file again, or mend the line.',
        { file, line: index + 1 },
      );
    const box: Box = [
      parseDecimal(fields[4]!),
      parseDecimal(fields[5]!),
      lengthBetween(fields[4]!, fields[6]!),
      lengthBetween(fields[5]!, fields[7]!),
    ];
    const kept = OTHERS.flatMap(([name, at, unknown]) =>
      parseDecimal(fields[at]!) === Number(unknown) ||
      (fields[0] === IGNORED && /^-1(?:\.0*)?$/.test(fields[at]!))
        ? []
        : [[name, fields[at]!]],
    );
    const extra = kept.length > 0 ? JSON.stringify(Object.fromEntries(kept)) : null;
    return { className: fields[0]!, box, score: parseDecimal(fields[15] ?? ''), extra, where };
  });
}

function sniffText(path: string, text: string, isWhole: boolean): 'truth' | 'predictions' | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const whole = isWhole ? lines : lines.slice(0, -1);
  const fields = whole.map((line) => line.trim().split(/\s+/));
  const isLine = (parts: string[]): boolean =>
    (parts.length === FIELDS || parts.length === FIELDS + 1) &&
    /^[A-Za-z]/.test(parts[0]!) &&
    parts.slice(1).every((part) => !Number.isNaN(parseDecimal(part)));
  if (fields.length === 0 || !fields.every(isLine)) return null;
  const isScored = fields.some((parts) => parts.length > FIELDS);
  // Some tools write truth with a score too, the same for all: 1. Results lie in a folder of that name, `data`.
  const isOne = fields.every((parts) => parts.length === FIELDS || parseDecimal(parts[FIELDS]!) === 1);
  return isScored && !(isOne && !/(?:^|\/)data\/[^/]*$/.test(path)) ? 'predictions' : 'truth';
}

const WHY = {
  truth: 'text files of type, flags, box and pose a line (15 fields, or 16 of which the last is 1)',
  predictions: 'text files of type, flags, box, pose and score a line (16 fields)',
};

const sniff = ({ path, text, isWhole }: FileHead) => {
  const kind = /\.txt$/i.test(path) ? sniffText(path, text, isWhole) : null;
  return kind && { kind, why: WHY[kind] };
};

/** Files of a folder that are looked into. */
const LOOKED_INTO = 64;
const LABELS = /(?:^|\/)label_2\/$/;

/** What a folder's files are; `isEmpty`: labels by their place alone. */
async function kindOfFolder(
  source: Source,
  folder: string,
  paths: readonly string[],
): Promise<{ readonly kind: 'truth' | 'predictions'; readonly isEmpty: boolean } | null> {
  let kind: 'truth' | 'predictions' | null = null;
  for (const path of paths.slice(0, LOOKED_INTO)) {
    const { text, isWhole } = await headOf(source, path);
    const found = sniffText(path, text, isWhole);
    if (found === 'predictions') return { kind: found, isEmpty: false };
    kind ??= found;
  }
  if (kind) return { kind, isEmpty: false };
  return LABELS.test(folder) ? { kind: 'truth', isEmpty: true } : null;
}

/**
 * Folders of labels, one or a split each: files of images without objects are empty, which only their neighbours tell.
 * Of truth and predictions in one place those count that come first.
 */
async function survey(source: Source): Promise<Surveyed | null> {
  const texts = source.paths.filter((path) => /\.txt$/i.test(path));
  const found = [];
  for (const [folder, paths] of byFolder(texts)) {
    const kind = await kindOfFolder(source, folder, paths);
    if (kind) found.push({ ...kind, paths });
  }
  const [first] = found;
  if (!first) return null;
  const telling = found.find(({ isEmpty }) => !isEmpty);
  const { kind } = telling ?? first;
  const why = telling ? WHY[kind] : 'empty text files in label_2';
  return { kind, why, paths: found.filter((one) => one.kind === kind).flatMap(({ paths }) => paths) };
}

const className = (name: string): string => name.trim().replace(/\s+/g, '_') || '_';

function lineOf(name: string, box: Box, kept: Record<string, unknown>, score = ''): string {
  const [x, y, width, height] = box;
  const value = (at: number): string => {
    const other = OTHERS.find(([, place]) => place === at)!;
    const own = kept[other[0]];
    return typeof own === 'string' ? own : other[2];
  };
  const fields = [
    className(name),
    ...[1, 2, 3].map(value),
    ...[String(x), String(y), farCorner(x, width), farCorner(y, height)],
    ...[8, 9, 10, 11, 12, 13, 14].map(value),
  ];
  return `${fields.join(' ')}${score}\n`;
}

const boxAt = (box: Float64Array, row: number): Box => box.subarray(row * 4, row * 4 + 4) as unknown as Box;

function* writeKitti(truth: Truth): Generator<TargetFile> {
  const { annotations, categories } = truth;
  const rows = rowsByImage(annotations.image, truth.images.length);
  for (const [index, { fileName }] of truth.images.entries()) {
    const lines = rows[index]!.map((row) =>
      lineOf(
        categories[annotations.category[row]!]!.name,
        boxAt(annotations.box, row),
        parseExtra(annotations.extra.get(row) ?? null),
      ),
    );
    yield { path: `label_2/${stemOf(safeRelativePath(fileName))}.txt`, content: [lines.join('')] };
  }
}

function* writePredictions(truth: Truth, predictions: PredictionColumns): Generator<TargetFile> {
  const rows = rowsByImage(predictions.image, truth.images.length);
  for (const [index, { fileName }] of truth.images.entries()) {
    const lines = rows[index]!.map((row) =>
      lineOf(
        truth.categories[predictions.category[row]!]!.name,
        boxAt(predictions.box, row),
        {},
        ` ${predictions.score[row]}`,
      ),
    );
    yield { path: `data/${stemOf(safeRelativePath(fileName))}.txt`, content: [lines.join('')] };
  }
}

/** `near`: where the folder's images lie rather than elsewhere; empty where it is the only one. */
async function readFolder(
  source: Source,
  paths: readonly string[],
  context: TruthContext,
  near: string,
): Promise<TruthReading> {
  const report = new RecordReporter(context);
  const truth = new NamedTruth();
  const all = await context.images.names();
  const own = all.filter((name) => name.startsWith(near));
  const names = own.length > 0 ? own : all;
  const find = imageFinder({
    images: names.map((fileName) => ({ ...{ id: 0, fileName, width: null, height: null, extra: null } })),
  });
  const files: { written: string; name: string; lines: Line[] }[] = [];
  const ends = new LineEnds();
  await readEach(source, paths, context.progress, (bytes, path) => {
    const found = find(stemOf(path));
    const written = found === undefined ? `${stemOf(path)}.png` : names[found]!;
    const name = context.images.isGiven ? written : baseName(written);
    files.push({ written, name, lines: linesOf(bytes, source.nameOf(path), name, ends) });
  });
  ends.report(report);
  for (const { written, name, lines } of files) {
    const size = await context.images.sizeOf(written);
    const image = truth.image(name, size?.width ?? null, size?.height ?? null);
    for (const { className: type, box, extra, where } of lines) {
      if (!isUsableBox(box, truth.sizeOf(image), report, where)) continue;
      const kept = context.keepExtra ? extra : null;
      truth.add(image, truth.classOf(type), box, type === IGNORED ? FLAG_IGNORE : 0, kept);
    }
  }
  if (truth.imageCount === 0)
    throw new BadInput('truth-without-images', 'There are no label files.', 'Check the folder.', context);
  return { truth: truth.finish('kitti', context.labelMap, report), findings: report.list() };
}

export const kittiFormat: Format = {
  name: 'kitti',
  title: 'KITTI',
  sniff,
  survey,
  async readTruth(source, paths, context) {
    const folders = [...byFolder(paths)];
    const parts: TruthPart[] = [];
    const places: string[] = [];
    for (const [folder, files] of folders) {
      const split = folder.replace(LABELS, '/').replace(/^\/$/, '');
      places.push(split);
      const reading = await readFolder(source, files, context, folders.length > 1 ? split : '');
      parts.push({ name: baseName(split.replace(/\/$/, '')) || 'other', reading });
    }
    return mergeTruths(parts, places, context.labelMap, context);
  },
  async readPredictions(source, paths, context) {
    const report = new RecordReporter(context);
    const predictions = new RawPredictionsBuilder(report);
    const ends = new LineEnds();
    await readEach(source, paths, context.progress, (bytes, path) => {
      const name = stemOf(path);
      const image = predictions.image(null, name);
      const lines = linesOf(bytes, source.nameOf(path), name, ends);
      for (const { className: type, box, score, where } of lines) {
        const record = predictions.nextRecord();
        if (isUsableBox(box, { width: null, height: null }, report, { ...where, record }))
          predictions.add(record, image, type, box, score);
      }
    });
    ends.report(report);
    return predictions.finish();
  },
  truthWriter: {
    layout: 'folder',
    extension: '',
    expresses: {
      flags: FLAG_IGNORE,
      area: false,
      subsets: false,
      emptyClasses: false,
      repeatedClassNames: false,
      needsSizes: false,
      namesArePaths: true,
      fileByStem: true,
    },
    losses: ({ annotations, categories }) => [
      [
        'flags-lost',
        'kitti can ignore boxes of the class DontCare alone.',
        annotations.flags.filter(
          (flags, row) =>
            ((flags & FLAG_IGNORE) !== 0) !== (categories[annotations.category[row]!]!.name === IGNORED),
        ).length,
      ],
      [
        'names-changed',
        'kitti cannot hold spaces in names of classes.',
        categories.filter(({ name }) => className(name) !== name).length,
      ],
    ],
    imagePath: (truth, image) => `image_2/${baseName(safeRelativePath(truth.images[image]!.fileName))}`,
    write: writeKitti,
  },
  predictionsWriter: { layout: 'folder', needsSizes: false, write: writePredictions },
};
