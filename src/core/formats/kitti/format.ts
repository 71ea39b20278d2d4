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
import type { FileHead, Format, Surveyed, TargetFile } from '../format';
import { headOf } from '../head';
import { imageFinder } from '../join';
import { LineEnds } from '../line-ends';
import { NamedTruth } from '../named-truth';
import type { Box } from '../named-truth';
import { baseName, safeRelativePath, stemOf } from '../names';
import { RawPredictionsBuilder } from '../raw-predictions';
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

function sniffText(text: string, isWhole: boolean): 'truth' | 'predictions' | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const whole = isWhole ? lines : lines.slice(0, -1);
  const fields = whole.map((line) => line.trim().split(/\s+/));
  const isLine = (parts: string[]): boolean =>
    (parts.length === FIELDS || parts.length === FIELDS + 1) &&
    /^[A-Za-z]/.test(parts[0]!) &&
    parts.slice(1).every((part) => !Number.isNaN(parseDecimal(part)));
  if (fields.length === 0 || !fields.every(isLine)) return null;
  return fields[0]!.length > FIELDS ? 'predictions' : 'truth';
}

const WHY = {
  truth: 'text files of type, flags, box and pose a line (15 fields)',
  predictions: 'text files of type, flags, box, pose and score a line (16 fields)',
};

const sniff = ({ path, text, isWhole }: FileHead) => {
  const kind = /\.txt$/i.test(path) ? sniffText(text, isWhole) : null;
  return kind && { kind, why: WHY[kind] };
};

/** The folder's labels: those without objects are empty, which only their neighbours tell. */
async function survey(source: Source): Promise<Surveyed | null> {
  const texts = source.paths.filter((path) => /\.txt$/i.test(path));
  for (const path of texts.slice(0, 64)) {
    const { text, isWhole } = await headOf(source, path);
    const kind = sniffText(text, isWhole);
    if (kind === null) continue;
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    return { kind, why: WHY[kind], paths: texts.filter((one) => one.startsWith(folder)) };
  }
  // Labels of images without objects are empty.
  const empty = texts.filter((path) => /(?:^|\/)label_2\/[^/]*$/.test(path));
  return empty.length > 0 ? { kind: 'truth', why: 'empty text files in label_2', paths: empty } : null;
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

export const kittiFormat: Format = {
  name: 'kitti',
  title: 'KITTI',
  sniff,
  survey,
  async readTruth(source, paths, context) {
    const report = new RecordReporter(context);
    const truth = new NamedTruth();
    const names = await context.images.names();
    const find = imageFinder({
      images: names.map((fileName) => ({ ...{ id: 0, fileName, width: null, height: null, extra: null } })),
    });
    const files: { name: string; lines: Line[] }[] = [];
    const ends = new LineEnds();
    await readEach(source, paths, context.progress, (bytes, path) => {
      const found = find(stemOf(path));
      const name = found === undefined ? `${stemOf(path)}.png` : names[found]!;
      const plain = context.images.isGiven ? name : baseName(name);
      files.push({ name: plain, lines: linesOf(bytes, source.nameOf(path), plain, ends) });
    });
    ends.report(report);
    for (const { name, lines } of files) {
      const size = await context.images.sizeOf(name);
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
