/** Ground truth, label maps and predictions from disk. The formats themselves are `core/formats`. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Truth } from '../../core/dataset/dataset';
import { chooseImages } from '../../core/dataset/subset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { Cancelled, noProgress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import type { RawPredictions } from '../../core/formats/coco/read-results';
import { resultsInLayout } from '../../core/formats/coco/box-layout';
import type { ConventionChoice } from '../../core/formats/conventions/box-convention';
import type { ConventionReading } from '../../core/formats/conventions/convention';
import { CONVENTION_PARTS } from '../../core/formats/conventions/box-convention';
import {
  FORMAT_CONVENTIONS,
  OFFICIAL_CORNERS,
  conventionFor,
} from '../../core/formats/conventions/convention';
import { conventionReading } from '../../core/formats/conventions/witness';
import type { Format, ImageFiles, ImageSize, TruthContext } from '../../core/formats/format';
import type { LabelMapEntry } from '../../core/formats/given-ids';
import { imageFinder } from '../../core/formats/join';
import { readLabelMap } from '../../core/formats/label-map/read-label-map';
import { recogniseSource } from '../../core/formats/recognise';
import type { ReadOptions, TruthReading } from '../../core/formats/reading';
import { withConventions } from '../../core/formats/reading';
import { formatNamed, predictionsFormats, truthFormats } from '../../core/formats/registry';
import type { Source } from '../../core/formats/source';
import { decodeText } from '../../core/formats/text';
import type { Holders } from '../images/locate';
import { readWhole } from './files';
import { imageFilesOf } from './image-files';
import { remarkPassedOver } from './passed-over';
import type { Recognised } from './recognise';
import { recognise } from './recognise';
import { openSource } from './sources';
import { STANDARD_INPUT, inWords } from './standard-input';
import { withTimeLimit } from './time-limit';

export interface LoadOptions {
  readonly subset?: string | null;
  readonly labelMap?: string | null;
  readonly strict?: boolean;
  readonly keepExtra?: boolean;
  /** As `ReadOptions.keepUnlisted`. */
  readonly keepUnlisted?: boolean;
  /** As `ReadOptions.conventions`. Throws `BadInput` for a part that the format does not leave open. */
  readonly conventions?: ConventionChoice;
  /** The same for VOC alone: nothing where the files are of another format. */
  readonly vocCorners?: VocCorners | undefined;
  /** A format to read as, whatever the content looks like. */
  readonly format?: string | null;
  /** Folder of the images: their names and sizes, where the labels do not say them. */
  readonly images?: string | null;
  /** Shares of images whose size nothing tells stay shares: to look into a file alone. */
  readonly keepShares?: boolean;
  /** What was recognised at the path, where that is known already. */
  readonly recognised?: Recognised;
  readonly progress?: Progress;
  /** Milliseconds after which reading is given up; hours where it is not said. */
  readonly longest?: number;
}

export type VocCorners = 'edges' | 'official';

/** Smaller files are read before the kernels are compiled. */
const WORTH_KERNELS = 1 << 20;

export interface PredictionsOptions extends LoadOptions {
  /** Threads to use at most; all cores where null. Changes no result. */
  readonly threads?: number | null;
  /** That they are to join: sizes and classes where the predictions do not say them. */
  readonly truth?: Truth | null;
}

export interface LoadedTruth {
  /** Of the chosen subset, or all. */
  readonly truth: Truth;
  readonly findings: readonly Finding[];
  readonly conventions: ConventionReading;
  /** Boxes stayed shares, because nothing tells the size of any image. */
  readonly isInShares: boolean;
  /** Folder from which images are looked for. */
  readonly root: string;
  /** The files that the labels came from, where those may hold the images too. */
  readonly holders: Holders | null;
  /** All subsets of the source, whatever was chosen. */
  readonly subsets: readonly {
    readonly name: string;
    readonly images: number;
    readonly annotations: number;
  }[];
  readonly hasUnchosenSubsets: boolean;
}

export interface LoadedPredictions {
  readonly format: Format['name'];
  readonly raw: RawPredictions;
}

export async function loadLabelMap(file: string): Promise<LabelMapEntry[]> {
  return readLabelMap(decodeText(await readWhole(file)).text, file);
}

/** The map given, else a `label_map.pbtxt` at the top of the truth's folder. */
async function labelMapFor(source: Source, given: string | null): Promise<LabelMapEntry[] | null> {
  if (given !== null) return loadLabelMap(given);
  if (source.isSingle) {
    const beside = path.join(path.dirname(source.name), 'label_map.pbtxt');
    return source.name === STANDARD_INPUT ? null : loadLabelMap(beside).catch(ignoreMissing);
  }
  if (!source.paths.includes('label_map.pbtxt')) return null;
  const bytes = await source.whole('label_map.pbtxt');
  return readLabelMap(decodeText(bytes).text, source.nameOf('label_map.pbtxt'));
}

function ignoreMissing(error: unknown): null {
  if (error instanceof BadInput && error.code === 'file-unreadable') return null;
  throw error;
}

interface Chosen {
  readonly source: Source;
  readonly paths: readonly string[];
  /** Beside them, of no format that is known. */
  readonly passedOver: readonly string[];
  readonly format: Format;
  /** As the user would name it. */
  readonly at: string;
}

const namesOf = (formats: readonly Format[]): string => formats.map(({ name }) => name).join(', ');

/** The files to read, by what they are, or as the format that the user named. */
async function choose(given: string, kind: 'truth' | 'predictions', options: LoadOptions): Promise<Chosen> {
  const chosen = await chooseFiles(given, kind, options);
  const { source, paths } = chosen;
  // Standard input is read as it comes.
  if (source.isSingle && source.name !== STANDARD_INPUT && (await source.head(paths[0]!, 1)).length === 0)
    throw new BadInput('file-empty', `${given} is empty.`, 'Get the file again, or write it again.', {
      file: given,
    });
  return chosen;
}

async function chooseFiles(
  given: string,
  kind: 'truth' | 'predictions',
  options: LoadOptions,
): Promise<Chosen> {
  const wanted = kind === 'truth' ? 'readTruth' : 'readPredictions';
  const known = kind === 'truth' ? truthFormats() : predictionsFormats();
  if (options.format) {
    const format = formatNamed(options.format);
    if (!format?.[wanted])
      throw new BadInput(
        'format-unknown',
        `“${options.format}” is no format of ${kind === 'truth' ? 'ground truth' : 'predictions'} that is known here.`,
        `Give one of ${namesOf(known)}.`,
      );
    const source = options.recognised?.files?.source ?? (await openSource(given));
    const fitting = (await recogniseSource(source)).find((one) => one.format === format);
    // A description of a dataset, as `data.yaml` is one, is no file of labels itself.
    const described = fitting || source.name === STANDARD_INPUT ? null : await recognise(given);
    if (described?.files?.recognised.format === format && described.kind === kind)
      return { ...described.files.recognised, source: described.files.source, at: described.path };
    const { paths = source.paths, passedOver = [] } = fitting ?? {};
    return { source, paths, passedOver, format, at: given };
  }
  const recognised = options.recognised ?? (await recognise(given));
  const { files } = recognised;
  if (files?.recognised.kind === kind)
    return { ...files.recognised, source: files.source, at: recognised.path };
  // A folder may hold both; and a format may be read as what it does not look like.
  const other = files ? (await recogniseSource(files.source)).find((one) => one.kind === kind) : undefined;
  if (files && other) return { ...other, source: files.source, at: given };
  const fallback = files?.recognised.format;
  if (files && fallback?.[wanted]) return { ...files.recognised, source: files.source, at: given };
  throw new BadInput(
    'not-recognised',
    kind === 'truth'
      ? `${inWords(given)} is not ground truth that is known here: ${recognised.why}.`
      : `${inWords(given)} is not predictions that are known here: it looks like ${recognised.why}.`,
    kind === 'truth'
      ? `Give ground truth in one of the formats ${namesOf(known)}.`
      : `Give predictions in one of the formats ${namesOf(known)}.`,
    { file: given },
  );
}

/** The kernels' checksum, for formats that have one a record. */
async function fastChecksum({ name }: Format): Promise<Pick<ReadOptions, 'checksum'>> {
  if (name !== 'tfrecord' && name !== 'detections-tfrecord') return {};
  return { checksum: (await import('../kernels/checksum')).kernelChecksum };
}

/** Throws `BadInput` where the path holds no ground truth that is known here. */
export async function loadTruth(given: string, options: LoadOptions = {}): Promise<LoadedTruth> {
  const { source, paths, passedOver, format, at } = await choose(given, 'truth', options);
  const { strict = false, keepExtra = false, keepUnlisted = false } = options;
  const progress = withTimeLimit(options.progress ?? noProgress, given, options.longest);
  const beside = await remarkPassedOver(source, passedOver, strict);
  const conventions = choiceFor(format, options);
  const context = {
    ...(await fastChecksum(format)),
    file: at,
    conventions,
    strict,
    keepExtra,
    keepUnlisted,
    // COCO has ids of its own.
    labelMap: format.name === 'coco' ? null : await labelMapFor(source, options.labelMap ?? null),
    images: imageFilesOf(source, options.images ?? null),
    progress,
  };
  const { reading, isInShares } = await readTruth(format, source, paths, context, options.keepShares);
  const {
    truth,
    findings,
    conventions: read,
  } = reading.conventions ? reading : withConventions(reading, plainReading(format, conventions));
  const whole = {
    truth,
    findings: [...findings, ...beside, ...(isInShares ? [sizesUnknown(at)] : [])],
    conventions: read!,
    isInShares,
    root: rootOf(source, paths),
    holders: holdersOf(source, paths, format),
  };
  return chooseSubset(whole, options.subset ?? null, given);
}

/** Where nothing tells the size of any image, shares may stay what they are. */
async function readTruth(
  format: Format,
  source: Source,
  paths: readonly string[],
  context: TruthContext,
  keepShares = false,
): Promise<{ readonly reading: TruthReading; readonly isInShares: boolean }> {
  try {
    return { reading: await format.readTruth!(source, paths, context), isInShares: false };
  } catch (error) {
    if (!keepShares || !(error instanceof BadInput) || error.code !== 'sizes-needed') throw error;
    const unsized = { ...context, images: ofSizeOne(context.images) };
    return { reading: await format.readTruth!(source, paths, unsized), isInShares: true };
  }
}

/** A share of an image whose sides are 1 is what it is. */
const ofSizeOne = (images: ImageFiles): ImageFiles => ({
  isGiven: images.isGiven,
  names: () => images.names(),
  sizeOf: () => Promise.resolve({ width: 1, height: 1 }),
});

const sizesUnknown = (file: string): Finding => ({
  code: 'sizes-unknown',
  severity: 'warning',
  message:
    'Boxes are shares of their images, and nothing tells the size of any: they are given as shares. The folder of the images (--images) makes them pixels.',
  where: { file },
  count: 1,
});

/** Of a format whose files differ in nothing but the picture that they are about. */
const plainReading = ({ name }: Format, choice: ConventionChoice): ConventionReading =>
  conventionReading(name, conventionFor(name, choice), choice);

/** Throws `BadInput` where a part was chosen that files of the format do not differ in. */
function choiceFor({ name }: Format, { conventions = {}, vocCorners }: LoadOptions): ConventionChoice {
  const { open } = FORMAT_CONVENTIONS[name];
  const closed = CONVENTION_PARTS.find((part) => conventions[part] !== undefined && !open.includes(part));
  if (closed !== undefined)
    throw new BadInput(
      'convention-fixed',
      `The format ${name} says itself what “${closed}” is.`,
      `Of its boxes can be chosen: ${open.join(', ')}.`,
    );
  if (name !== 'voc' || vocCorners === undefined) return conventions;
  return { ...(vocCorners === 'official' ? OFFICIAL_CORNERS : {}), ...conventions };
}

/** Where images are looked for: the folder, or that of its only file. */
function rootOf(source: Source, paths: readonly string[]): string {
  if (source.isSingle) return path.dirname(source.name);
  return paths.length === 1 ? path.dirname(source.nameOf(paths[0]!)) : source.name;
}

/** An archive, or TFRecords. */
function holdersOf(source: Source, paths: readonly string[], { name }: Format): Holders | null {
  if (source.name === STANDARD_INPUT) return null;
  if (source.isArchive)
    return { root: path.dirname(path.resolve(source.name)), files: [path.basename(source.name)] };
  if (name !== 'tfrecord') return null;
  return {
    root: source.isSingle ? path.dirname(path.resolve(source.name)) : path.resolve(source.name),
    files: paths,
  };
}

type WholeTruth = Pick<LoadedTruth, 'truth' | 'findings' | 'conventions' | 'isInShares' | 'root' | 'holders'>;

function chooseSubset(whole: WholeTruth, subset: string | null, given: string): LoadedTruth {
  const { truth } = whole;
  const counts = truth.subsets.map(({ name, images }) => {
    const inside = new Set(images);
    return {
      name,
      images: images.length,
      annotations: truth.annotations.image.reduce((sum, image) => sum + (inside.has(image) ? 1 : 0), 0),
    };
  });
  if (subset === null) return { ...whole, subsets: counts, hasUnchosenSubsets: counts.length > 1 };
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
  return { ...whole, truth: chooseImages(truth, images), subsets: counts, hasUnchosenSubsets: false };
}

/** Size of the image that a name means: as the truth says, else as its file does. */
function sizesOf(
  truth: Truth | null,
  source: Source,
  images: string | null,
  keepShares: boolean,
): (name: string) => Promise<ImageSize | null> {
  const find = truth && imageFinder(truth);
  const files = imageFilesOf(source, images);
  return async (name) => {
    const image = truth?.images[find?.(name) ?? -1];
    if (image?.width && image.height) return { width: image.width, height: image.height };
    return (await files.sizeOf(image?.fileName ?? name)) ?? (keepShares ? { width: 1, height: 1 } : null);
  };
}

/** Null where the plain reader has to read the file: it also tells what is wrong with one that cannot be read. */
async function readByKernels(source: Source, options: PredictionsOptions): Promise<RawPredictions | null> {
  const file = source.name;
  if (!source.isSingle || source.paths.length !== 1 || !path.isAbsolute(file)) return null;
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size < WORTH_KERNELS) return null;
  const { readResultsFile } = await import('../kernels/results-file');
  try {
    return await readResultsFile(file, options.progress ?? noProgress, options.threads ?? null);
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return null;
  }
}

/** Throws `BadInput` where the path holds no predictions that are known here. */
export async function loadPredictions(
  given: string,
  options: PredictionsOptions = {},
): Promise<LoadedPredictions> {
  const { source, paths, passedOver, format, at } = await choose(given, 'predictions', options);
  const { strict = false, truth = null } = options;
  const progress = withTimeLimit(options.progress ?? noProgress, given, options.longest);
  const conventions = choiceFor(format, options);
  const byKernels = format.name === 'coco-results' && (await readByKernels(source, options));
  if (byKernels) return { format: format.name, raw: resultsInLayout(byKernels, conventions, at) };
  const beside = await remarkPassedOver(source, passedOver, strict);
  const raw = await format.readPredictions!(source, paths, {
    ...(await fastChecksum(format)),
    file: at,
    conventions,
    strict,
    truth,
    sizeOf: sizesOf(truth, source, options.images ?? null, options.keepShares ?? false),
    progress,
  });
  return {
    format: format.name,
    raw: {
      ...raw,
      findings: [...raw.findings, ...beside],
      conventions: raw.conventions ?? plainReading(format, conventions),
    },
  };
}
