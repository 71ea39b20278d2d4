/** Open Images' CSV: `ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,...`, in shares of the image. */
import { FLAG_GROUP_OF } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { FindingPlace } from '../../foundation/finding';
import { noteFacts, readName, readRows, withPoint } from '../csv/rows';
import { parseDecimal } from '../decimal';
import { parseExtra } from '../extra';
import type { FileHead, Format, ImageSize, PredictionsContext, Sniffed, TruthContext } from '../format';
import { imageFinder } from '../join';
import type { Box } from '../named-truth';
import { NamedTruth } from '../named-truth';
import { safeRelativePath, stemOf } from '../names';
import { RawPredictionsBuilder } from '../raw-predictions';
import { RecordReporter } from '../reading';
import { isUsableBox, leaveOutWithoutSize, sizeOrNull } from '../record-box';
import type { Source } from '../source';
import { readCorners } from '../shares';
import { idsOf, predictionLines, writeOpenImages } from './write-open-images';

const CORNERS = ['xmin', 'xmax', 'ymin', 'ymax'] as const;
const KEPT = ['IsOccluded', 'IsTruncated', 'IsDepiction', 'IsInside'] as const;
const SCORES = ['score', 'conf'];
const namesOf = (fields: readonly string[]): string[] =>
  fields.map((field) => field.replaceAll('"', '').trim().toLowerCase());

function kindOf(header: readonly string[]): Sniffed['kind'] | null {
  if (!header.includes('imageid') || !header.includes('labelname')) return null;
  if (!CORNERS.every((name) => header.includes(name))) return null;
  if (SCORES.some((name) => header.includes(name))) return 'predictions';
  const isTruth = header.includes('isgroupof') || header.includes('source') || !header.includes('confidence');
  return isTruth ? 'truth' : 'predictions';
}

function sniff({ text }: FileHead): Sniffed | null {
  const kind = kindOf(namesOf(text.split(/\r\n|\n|\r/, 1)[0]!.split(/[,;\t]/)));
  if (kind === null) return null;
  return {
    kind,
    why: `a CSV that names ImageID, LabelName, XMin, XMax, YMin, YMax${kind === 'predictions' ? ' and a score' : ''}`,
  };
}

/** Also `challenge-2019-classes-description-500.csv`. */
const DESCRIPTIONS = /class[^/]*descriptions?[^/]*\.csv$/i;

/** `/m/01g317,Person`, in the challenges' with a number behind: names of classes by their MID, in order. */
async function descriptionsOf(
  source: Source,
  context: Pick<TruthContext, 'progress'>,
  report: RecordReporter,
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const path of source.paths.filter((one) => DESCRIPTIONS.test(one))) {
    const facts = await readRows(source, path, context.progress, (fields, line) => {
      const isHeader = line === 1 && /^labelname$/i.test(fields[0]!.trim());
      const isPair = fields.length === 2 || (fields.length === 3 && /^\d+$/.test(fields[2]!.trim()));
      const mid = readName(fields[0]!);
      if (isPair && !isHeader) names.set(mid, readName(fields[1]!) || mid);
    });
    noteFacts(report, facts, source.nameOf(path));
  }
  return names;
}

const LIST = /(?:^|\/)images\.csv$/i;

interface Listed {
  readonly id: string;
  readonly fileName: string;
  readonly subset: string;
  readonly width: number | null;
  readonly height: number | null;
}

/** This program's own list of images beside: names of files, sizes, and images without boxes. */
async function listedImages(source: Source, context: TruthContext): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (const path of source.paths.filter((one) => LIST.test(one))) {
    let header: readonly string[] | null = null;
    await readRows(source, path, context.progress, (fields) => {
      if (header === null) {
        header = namesOf(fields);
        return;
      }
      const value = (name: string): string => readName(fields[header!.indexOf(name)] ?? '');
      if (!header.includes('imageid') || value('filename') === '') return;
      listed.push({
        id: value('imageid'),
        fileName: value('filename'),
        subset: value('subset'),
        width: sizeOrNull(value('width')),
        height: sizeOrNull(value('height')),
      });
    });
  }
  return listed;
}

interface BoxRow {
  readonly record: number;
  readonly line: number;
  /** It ends before its last column: cut off, perhaps within a number. */
  readonly isShort: boolean;
  readonly id: string;
  readonly label: string;
  readonly corners: readonly string[];
  readonly isGroupOf: boolean;
  readonly extra: string | null;
  readonly score: number;
}

async function readBoxes(
  source: Source,
  path: string,
  context: TruthContext | PredictionsContext,
  report: RecordReporter,
): Promise<BoxRow[]> {
  const file = source.nameOf(path);
  const rows: BoxRow[] = [];
  const seen: { header: readonly string[] | null } = { header: null };
  let record = 0;
  const facts = await readRows(source, path, context.progress, (fields, line, csv) => {
    if (seen.header === null) {
      seen.header = namesOf(fields);
      return;
    }
    const names = seen.header;
    const value = (name: string): string =>
      withPoint(fields[names.indexOf(name.toLowerCase())]?.trim() ?? '', csv);
    const kept: [string, unknown][] = KEPT.flatMap((name) => {
      const flag = parseDecimal(value(name));
      return flag === 0 || Number.isNaN(flag) ? [] : [[name, flag] as [string, unknown]];
    });
    const source_ = value('Source');
    const confidence = value('Confidence');
    if (source_ !== '' && source_ !== 'xclick') kept.push(['Source', source_]);
    const scoreName = SCORES.find((name) => names.includes(name)) ?? 'confidence';
    if (scoreName !== 'confidence' && confidence !== '' && Number(confidence) !== 1)
      kept.push(['Confidence', confidence]);
    rows.push({
      record: record++,
      line,
      isShort: fields.length < names.length,
      id: readName(fields[names.indexOf('imageid')] ?? ''),
      label: readName(fields[names.indexOf('labelname')] ?? ''),
      corners: CORNERS.map(value),
      isGroupOf: parseDecimal(value('IsGroupOf')) === 1,
      extra: kept.length > 0 ? JSON.stringify(Object.fromEntries(kept)) : null,
      score: parseDecimal(value(scoreName)),
    });
  });
  noteFacts(report, facts, file);
  if (rows.length === 0)
    report.note('labels-empty', 'warning', 'A file of boxes has columns and no rows.', { file });
  if (kindOf(seen.header ?? []) === null)
    throw new BadInput(
      'not-open-images',
      'The first line does not name Open Images’ columns.',
      'Check the file.',
      {
        file,
        line: 1,
      },
    );
  return rows;
}

const leaveOutIncomplete = (report: RecordReporter, isShort: boolean, where: FindingPlace): void =>
  report.leaveOut(
    'record-invalid',
    isShort
      ? 'A row ends before its last column and was left out.'
      : 'A row has no ImageID or LabelName and was left out.',
    where,
  );

function boxOf([left, right, top, bottom]: readonly string[], { width, height }: ImageSize): Box {
  const x = readCorners(left!, right!, width);
  const y = readCorners(top!, bottom!, height);
  return [x.start, y.start, x.length, y.length];
}

async function readTruth(source: Source, paths: readonly string[], context: TruthContext) {
  const report = new RecordReporter(context);
  const truth = new NamedTruth();
  const descriptions = await descriptionsOf(source, context, report);
  const ids = new Map([...descriptions.keys()].map((mid, index) => [mid, index + 1]));
  const classOf = (mid: string): number => {
    const name = descriptions.get(mid) ?? mid;
    const extra = name === mid || !context.keepExtra ? null : JSON.stringify({ mid });
    return truth.classOf(name, ids.get(mid) ?? null, extra);
  };
  for (const mid of descriptions.keys()) classOf(mid);
  const files = await context.images.names();
  const find = imageFinder({
    images: files.map((fileName) => ({ ...{ id: 0, fileName, width: null, height: null, extra: null } })),
  });
  const byId = new Map<string, number>();
  for (const { id, fileName, subset, width, height } of await listedImages(source, context)) {
    const image = truth.image(fileName, width, height);
    byId.set(id, image);
    if (subset !== '') truth.putInto(subset, image);
  }
  const isSplit = paths.length > 1;
  for (const path of paths) {
    const file = source.nameOf(path);
    for (const { record, line, isShort, id, label, corners, isGroupOf, extra } of await readBoxes(
      source,
      path,
      context,
      report,
    )) {
      const where = { file, record, line, image: id };
      if (isShort || id === '' || label === '') {
        leaveOutIncomplete(report, isShort, where);
        continue;
      }
      let image = byId.get(id);
      if (image === undefined) {
        const found = find(id);
        const name = found === undefined ? `${id}.jpg` : files[found]!;
        const size = await context.images.sizeOf(name);
        image = truth.image(name, size?.width ?? null, size?.height ?? null);
        byId.set(id, image);
      }
      if (isSplit) truth.putInto(stemOf(path).replace(/-annotations.*$/i, ''), image);
      const { width, height } = truth.sizeOf(image);
      if (width === null || height === null) {
        leaveOutWithoutSize(report, where);
        continue;
      }
      const box = boxOf(corners, { width, height });
      if (isUsableBox(box, { width, height }, report, where))
        truth.add(
          image,
          classOf(label),
          box,
          isGroupOf ? FLAG_GROUP_OF : 0,
          context.keepExtra ? extra : null,
        );
    }
  }
  if (truth.imageCount === 0)
    throw new BadInput(
      'truth-without-images',
      'There are no rows that can be used.',
      'Check the files.',
      context,
    );
  if (truth.annotationCount === 0 && report.list().some(({ code }) => code === 'size-needed'))
    throw new BadInput(
      'sizes-needed',
      'Open Images’ boxes are shares of their images, and none of the images was found.',
      'Give the folder of the images with --images.',
      context,
    );
  return { truth: truth.finish('open-images-csv', context.labelMap, report), findings: report.list() };
}

async function readPredictions(source: Source, paths: readonly string[], context: PredictionsContext) {
  const report = new RecordReporter(context);
  const predictions = new RawPredictionsBuilder(report);
  const descriptions = await descriptionsOf(source, context, report);
  const known = new Map<string, string>();
  for (const { name, extra } of context.truth?.categories ?? []) {
    const { mid } = parseExtra(extra);
    if (typeof mid === 'string') known.set(mid, name);
  }
  for (const path of paths) {
    const file = source.nameOf(path);
    for (const row of await readBoxes(source, path, context, report)) {
      const { line, isShort, id, label, corners, score } = row;
      const record = predictions.nextRecord();
      const where = { file, record, line, image: id };
      const size = await context.sizeOf(id);
      if (isShort || id === '' || label === '') leaveOutIncomplete(report, isShort, where);
      else if (size === null) leaveOutWithoutSize(report, where);
      else {
        const box = boxOf(corners, size);
        if (isUsableBox(box, size, report, where))
          predictions.add(
            record,
            predictions.image(null, id),
            known.get(label) ?? descriptions.get(label) ?? label,
            box,
            score,
          );
      }
    }
  }
  return predictions.finish();
}

export const openImagesCsvFormat: Format = {
  name: 'open-images-csv',
  title: 'CSV (Open Images)',
  companions: new RegExp(`${DESCRIPTIONS.source}|${LIST.source}`, 'i'),
  sniff,
  readTruth,
  readPredictions,
  truthWriter: {
    layout: 'folder',
    extension: '',
    expresses: {
      flags: FLAG_GROUP_OF,
      area: false,
      subsets: true,
      emptyClasses: true,
      repeatedClassNames: false,
      needsSizes: true,
      fileByStem: false,
    },
    losses: (truth) => {
      const all = truth.subsets.flatMap(({ images }) => [...images]);
      return [
        [
          'names-collide',
          'open-images-csv cannot hold images of one name apart.',
          truth.images.length - new Set(idsOf(truth)).size,
        ],
        [
          'subsets-lost',
          'open-images-csv puts an image into one subset only.',
          all.length - new Set(all).size,
        ],
      ];
    },
    imagePath: (truth, image) => `images/${safeRelativePath(truth.images[image]!.fileName)}`,
    write: writeOpenImages,
  },
  predictionsWriter: {
    layout: 'file',
    needsSizes: true,
    write: (truth, predictions) => [{ path: '', content: predictionLines(truth, predictions) }],
  },
};
