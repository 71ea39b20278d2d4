/** Ground truth, label maps and predictions from disk. The formats themselves are `core/formats`. */
import path from 'node:path';
import type { Truth } from '../../core/dataset/dataset';
import { chooseImages } from '../../core/dataset/subset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { noProgress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import type { RawPredictions } from '../../core/formats/coco/read-results';
import { CocoResultsReader } from '../../core/formats/coco/read-results';
import { CocoTruthReader } from '../../core/formats/coco/read-truth';
import { readCsvTruth } from '../../core/formats/csv/read-csv';
import type { LabelMapEntry, NamedImage } from '../../core/formats/given-ids';
import { truthWithGivenIds } from '../../core/formats/given-ids';
import { readLabelMap } from '../../core/formats/label-map/read-label-map';
import { stemOf } from '../../core/formats/names';
import { RecordReporter } from '../../core/formats/reading';
import { decodeText } from '../../core/formats/text';
import { readVocAnnotation } from '../../core/formats/voc/read-annotation';
import { namesIn, readPieces, readWhole } from './files';
import { recognise } from './recognise';

export interface LoadOptions {
  readonly subset?: string | null;
  readonly labelMap?: string | null;
  readonly strict?: boolean;
  readonly keepExtra?: boolean;
  /** As `ReadOptions.keepUnlisted`. */
  readonly keepUnlisted?: boolean;
  /** A format to read as, whatever the content looks like. */
  readonly format?: string | null;
  readonly progress?: Progress;
}

export interface LoadedTruth {
  /** Of the chosen subset, or all. */
  readonly truth: Truth;
  readonly findings: readonly Finding[];
  /** Folder from which images are looked for. */
  readonly root: string;
  /** All subsets of the source, whatever was chosen. */
  readonly subsets: readonly {
    readonly name: string;
    readonly images: number;
    readonly annotations: number;
  }[];
  readonly hasUnchosenSubsets: boolean;
}

export async function loadLabelMap(file: string): Promise<LabelMapEntry[]> {
  return readLabelMap(decodeText(await readWhole(file)).text, file);
}

/** The map given, else a `label_map.pbtxt` in the truth's folder. */
async function labelMapFor(folder: string, given: string | null): Promise<LabelMapEntry[] | null> {
  if (given !== null) return loadLabelMap(given);
  const found = (await namesIn(folder)).some(({ name }) => name === 'label_map.pbtxt');
  return found ? loadLabelMap(path.join(folder, 'label_map.pbtxt')) : null;
}

/** Throws `BadInput` where the path holds no ground truth that is known here. */
export async function loadTruth(given: string, options: LoadOptions = {}): Promise<LoadedTruth> {
  const format = options.format ?? null;
  const recognised = format === null && given !== '-' ? await recognise(given) : null;
  const kind = format ?? recognised?.format ?? 'coco';
  const source = recognised?.path ?? given;
  const reading = await readTruth(kind, source, options, recognised?.why ?? '', given);
  return chooseSubset(reading, options.subset ?? null, given);
}

interface WholeTruth {
  readonly truth: Truth;
  readonly findings: readonly Finding[];
  readonly root: string;
}

async function readTruth(
  kind: string,
  source: string,
  options: LoadOptions,
  why: string,
  given: string,
): Promise<WholeTruth> {
  const { strict = false, keepExtra = false, keepUnlisted = false, progress = noProgress } = options;
  const reading = { file: source, strict, keepExtra, keepUnlisted };
  const folder = path.dirname(source);
  if (kind === 'coco') {
    const reader = new CocoTruthReader(reading);
    await readPieces(source, (piece) => reader.push(piece), progress);
    return { ...reader.end(), root: folder };
  }
  if (kind === 'csv') {
    const map = await labelMapFor(folder, options.labelMap ?? null);
    return { ...readCsvTruth(await readWhole(source), reading, map), root: folder };
  }
  if (kind === 'voc')
    return readVocFolder(source, reading, await labelMapFor(source, options.labelMap ?? null), progress);
  throw new BadInput(
    'not-recognised',
    `${given} is not ground truth that is known here${why ? `: ${why}` : ''}.`,
    'Give COCO JSON, a Pascal VOC folder or the TensorFlow tutorial’s CSV.',
    { file: given },
  );
}

/** The folder with the XML files: the one given, or its `Annotations`. */
async function annotationFolder(folder: string): Promise<string> {
  const inner = (await namesIn(folder)).find(
    ({ name, isFolder }) => isFolder && /^annotations?$/i.test(name),
  );
  return inner ? path.join(folder, inner.name) : folder;
}

async function readVocFolder(
  folder: string,
  reading: { file: string; strict: boolean; keepExtra: boolean },
  labelMap: LabelMapEntry[] | null,
  progress: Progress,
): Promise<WholeTruth> {
  const annotations = await annotationFolder(folder);
  const files = (await namesIn(annotations)).filter(
    ({ name, isFolder }) => !isFolder && /\.xml$/i.test(name),
  );
  if (files.length === 0)
    throw new BadInput(
      'not-voc',
      `There are no XML files in ${annotations}.`,
      'Give the folder that holds Annotations.',
      { file: folder },
    );
  const report = new RecordReporter(reading);
  const images: NamedImage[] = [];
  for (const [index, { name }] of files.entries()) {
    const file = path.join(annotations, name);
    images.push(readVocAnnotation(await readWhole(file), file, report, reading.keepExtra));
    progress.check();
    progress.report('Reading annotations', index + 1, files.length);
  }
  const unique = new Map(images.map((image) => [image.fileName, image]));
  if (unique.size < images.length)
    report.note(
      'image-repeated',
      'warning',
      'Several annotation files name the same image; the last is taken.',
      {},
      images.length - unique.size,
    );
  const stems = new Map([...unique.keys()].map((name) => [stemOf(name), name]));
  // A subset lists the annotation files' stems; where an image is named otherwise its own stem does not tell.
  files.forEach(({ name }, index) => stems.set(stemOf(name), images[index]!.fileName));
  const subsets = await readVocSubsets(folder === annotations ? path.dirname(folder) : folder, stems, report);
  const truth = truthWithGivenIds('voc', [...unique.values()], labelMap, subsets, report);
  return { truth, findings: report.list(), root: folder === annotations ? path.dirname(folder) : folder };
}

/** `ImageSets/Main/NAME.txt`: a stem a line; class lists (`cat_train.txt`, with a second column) are not splits. */
async function readVocSubsets(
  folder: string,
  stems: ReadonlyMap<string, string>,
  report: RecordReporter,
): Promise<Map<string, string[]>> {
  const lists = path.join(folder, 'ImageSets', 'Main');
  const subsets = new Map<string, string[]>();
  for (const { name } of (await namesIn(lists)).filter(
    (entry) => !entry.isFolder && /\.txt$/i.test(entry.name),
  )) {
    const lines = decodeText(await readWhole(path.join(lists, name)))
      .text.split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    if (lines.some((line) => /\s-?[01]$/.test(line))) continue;
    const files = lines.flatMap((line) => stems.get(line) ?? stems.get(stemOf(line)) ?? []);
    if (files.length < lines.length)
      report.note(
        'subset-without-annotation',
        'info',
        `${name} lists images without an annotation file.`,
        { file: path.join(lists, name) },
        lines.length - files.length,
      );
    subsets.set(name.slice(0, -4), [...new Set(files)]);
  }
  return subsets;
}

function chooseSubset(whole: WholeTruth, subset: string | null, given: string): LoadedTruth {
  const { truth, findings, root } = whole;
  const counts = truth.subsets.map(({ name, images }) => {
    const inside = new Set(images);
    return {
      name,
      images: images.length,
      annotations: truth.annotations.image.reduce((sum, image) => sum + (inside.has(image) ? 1 : 0), 0),
    };
  });
  if (subset === null)
    return { truth, findings, root, subsets: counts, hasUnchosenSubsets: counts.length > 1 };
  const chosen = truth.subsets.find(({ name }) => name === subset);
  if (!chosen) {
    const names = counts.map(({ name, images }) => `${name} (${images})`).join(', ');
    throw new BadInput(
      'subset-unknown',
      `${given} has no subset “${subset}”${names ? `; it has ${names}` : ''}.`,
      names ? 'Choose one of them.' : 'Leave --subset out.',
      { file: given },
    );
  }
  const images = [...chosen.images].sort((a, b) => a - b);
  return { truth: chooseImages(truth, images), findings, root, subsets: counts, hasUnchosenSubsets: false };
}

/** Throws `BadInput` where the path holds no predictions that are known here. */
export async function loadPredictions(given: string, options: LoadOptions = {}): Promise<RawPredictions> {
  const { strict = false, progress = noProgress } = options;
  const recognised = options.format || given === '-' ? null : await recognise(given);
  const format = options.format ?? recognised?.format ?? 'coco-results';
  if (format !== 'coco-results') {
    throw new BadInput(
      'not-recognised',
      `${given} is not predictions that are known here: it looks like ${recognised?.why ?? format}.`,
      'Give COCO results: a JSON list of image_id, category_id, bbox, score.',
      { file: given },
    );
  }
  const reader = new CocoResultsReader({ file: given, strict });
  await readPieces(given, (piece) => reader.push(piece), progress);
  return reader.end();
}
