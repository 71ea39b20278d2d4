/** Reads what was dropped or chosen, whole, and says what an import would do. Nothing is written here. */
import path from 'node:path';
import type { ImportPlan, ImportSource } from '../../contract/import-view';
import type { PredictionColumns, Truth } from '../../core/dataset/dataset';
import type { ClassMap } from '../../core/dataset/map-classes';
import { mapClasses } from '../../core/dataset/map-classes';
import { chooseImages } from '../../core/dataset/subset';
import type { UpdateRules } from '../../core/dataset/update-truth';
import type { BoxConvention, ConventionChoice } from '../../core/formats/conventions/box-convention';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { FindingCollector } from '../../core/foundation/finding';
import type { RawPredictions } from '../../core/formats/coco/read-results';
import type { Joined } from '../../core/formats/join';
import { joinPredictions } from '../../core/formats/join';
import { stemOf } from '../../core/formats/names';
import { findImageRoot } from '../images/locate';
import { giveBackColumns } from '../kernels/column-memory';
import type { ProjectSession } from '../project/session';
import type { CombinedImport, LocatedTruth } from './combine';
import { combine, withMappedNames } from './combine';
import type { LoadedTruth } from './load';
import type { LoadedPredictions } from './load';
import { loadLabelMap, loadPredictions, loadTruth } from './load';
import { previewOf } from './preview';
import type { Recognised } from './recognise';
import { recognise } from './recognise';

export interface ImportRequest {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly subset: string | null;
  readonly images: string | null;
  readonly labelMap: string | null;
  readonly conventions?:
    { readonly truth: ConventionChoice; readonly predictions: ConventionChoice } | undefined;
  readonly classes?: ClassMap | undefined;
  readonly update?: UpdateRules | null | undefined;
}

export interface ExaminedImport {
  readonly plan: ImportPlan;
  readonly predictionsSource: string | null;
  /** Reads the images' files too, and hands on what is to be written. */
  readonly combined: () => Promise<CombinedImport>;
}

/** Which subset the predictions are of, where they tell; with the reason. */
function guessSubset(loaded: LoadedTruth, raw: RawPredictions): { name: string; reason: string } | null {
  const numbers = raw.images.flatMap(({ id }) => (typeof id === 'number' ? [id] : []));
  const names = raw.images.flatMap(({ id, fileName }) => fileName ?? (typeof id === 'string' ? id : []));
  const fitting = loaded.truth.subsets.filter(({ images }) => {
    if (!loaded.truth.hasOwnIds && names.length === 0) {
      return (
        numbers.every((id) => id >= 1 && id <= images.length) &&
        numbers.some((id) => id > images.length * 0.9)
      );
    }
    const stems = new Set([...images].map((index) => stemOf(loaded.truth.images[index]!.fileName)));
    return names.length > 0 && names.every((name) => stems.has(stemOf(name)));
  });
  fitting.sort((a, b) => a.images.length - b.images.length);
  const [best, next] = fitting;
  if (!best || (next && next.images.length === best.images.length)) return null;
  return { name: best.name, reason: `${best.name} was chosen because the predictions are of it.` };
}

class Examination {
  readonly #request: ImportRequest;
  readonly #into: ProjectSession | null;
  readonly #progress: Progress;
  readonly #findings = new FindingCollector();
  #problem: ImportPlan['problem'] = null;
  /** A folder of images among the sources. */
  #imagesFolder: string | null = null;

  constructor(request: ImportRequest, into: ProjectSession | null, progress: Progress) {
    this.#request = request;
    this.#into = into;
    this.#progress = progress;
  }

  async run(): Promise<ExaminedImport> {
    const recognised = await Promise.all(
      this.#request.paths.map(async (file) => ({ file, found: await recognise(file) })),
    );
    const used = recognised.filter(({ file }) => !this.#request.exclude.includes(file));
    const of = (kind: Recognised['kind']) =>
      used.filter(({ found }) => found.kind === kind).map(({ found }) => found);
    this.#imagesFolder = of('images')[0]?.path ?? null;
    const labelMapPath = this.#request.labelMap ?? of('label-map')[0]?.path ?? null;
    const labelMap = labelMapPath ? await loadLabelMap(labelMapPath) : null;
    const [predictionsSource] = of('predictions');
    if (of('predictions').length > 1)
      this.#fail('Several sources hold predictions.', 'Import them one after another, as runs.');
    const loaded: LoadedTruth[] = [];
    for (const source of of('truth')) loaded.push(await this.#loadTruth(source, labelMapPath));
    const only = loaded.length === 1 ? loaded[0]! : null;
    const existing = this.#into?.data.asTruth() ?? null;
    const raw = predictionsSource
      ? (await this.#loadPredictions(predictionsSource, only?.truth ?? existing)).raw
      : null;
    const guessed =
      only && raw && this.#request.subset === null && only.subsets.length > 1 ? guessSubset(only, raw) : null;
    const subset = only ? (this.#request.subset ?? guessed?.name ?? null) : null;
    const sources = await this.#locate(
      loaded.map((one) => ({ ...one, truth: one === only ? this.#choose(one, subset) : one.truth })),
    );
    this.#checkSources(sources, existing, raw);
    const classes = this.#request.classes ?? {};
    const hasUnchosenSubsets = only !== null && subset === null && only.hasUnchosenSubsets;
    const predictedPixels = raw?.conventions?.convention.pixels ?? 'by-size';
    let joined: Joined | null = null;
    const join = (truth: Truth): PredictionColumns | null => {
      if (!raw) return null;
      // What the truth's classes are called, text of predictions may call so too; where that was mapped, as mapped.
      const named = only ? raw : withMappedNames(raw, classes);
      if (joined) return joined.predictions;
      joined = this.#join(truth, named, labelMap, hasUnchosenSubsets, predictionsSource!.path);
      // Each choice that the user makes reads the file again.
      if (joined) giveBackColumns(raw);
      return joined?.predictions ?? null;
    };
    const combineAll = once(() =>
      combine(
        {
          sources,
          join,
          predictedPixels,
          classes,
          into: this.#into,
          rules: existing && existing.images.length > 0 ? (this.#request.update ?? null) : null,
        },
        this.#progress,
      ),
    );
    // One source that comes in anew needs no file of its images to say what it holds.
    const isWhole = this.#problem === null && (sources.length > 1 || Boolean(this.#request.update));
    const combined = isWhole && sources.length > 0 ? await combineAll() : null;
    this.#findings.addAll(combined?.findings ?? []);
    const shown = await this.#shown(sources, existing, combined, join, predictedPixels);
    const { imagesFound, images } = this.#countImages(sources);
    return {
      plan: {
        sources: recognised.map(({ file, found }): ImportSource => ({
          path: file,
          name: path.basename(file),
          kind: found.kind,
          format: found.format,
          why: found.why,
        })),
        subsets: only?.subsets ?? [],
        subset,
        subsetReason: guessed?.reason ?? null,
        images,
        annotations: shown.annotations,
        predictions: shown.predictions?.count ?? 0,
        join: (joined as Joined | null)?.join ?? null,
        classes: countClasses(
          sources.length > 0 ? sources.map(({ truth }) => truth) : existing ? [existing] : [],
          shown.predicted,
        ),
        imagesFound,
        conventions: {
          truth: loaded[0]?.conventions ?? null,
          predictions: raw?.conventions ?? null,
        },
        preview: shown.preview,
        difference: combined?.difference ?? null,
        findings: this.#findings.list(),
        suggestedName: `${suggestName(of('truth')[0]?.path ?? predictionsSource?.path ?? 'project', subset)}.reticle`,
        suggestedRunName: predictionsSource ? stemOf(path.basename(predictionsSource.path)) : null,
        problem: this.#problem,
      },
      predictionsSource: predictionsSource?.path ?? null,
      combined: combineAll,
    };
  }

  #checkSources(sources: readonly LocatedTruth[], existing: Truth | null, raw: RawPredictions | null): void {
    if (sources.length > 0) return;
    if (!existing || existing.images.length === 0)
      this.#fail(
        'There is no ground truth among them.',
        'Add a dataset: COCO JSON, a YOLO or Pascal VOC folder, TFRecords, CSV, ….',
      );
    else if (!raw) this.#fail('There is nothing to import.', 'Choose ground truth or predictions.');
  }

  async #locate(loaded: readonly Pick<LoadedTruth, 'truth' | 'root' | 'holders'>[]): Promise<LocatedTruth[]> {
    const given = this.#request.images ?? this.#imagesFolder;
    return Promise.all(
      loaded.map(async ({ truth, root, holders }) => {
        const names = truth.images.map(({ fileName }) => fileName);
        const locator = await findImageRoot(names, root, given, holders, this.#progress);
        this.#findings.addAll(locator?.findings ?? []);
        return { truth, locator };
      }),
    );
  }

  #countImages(sources: readonly LocatedTruth[]): { images: number; imagesFound: number } {
    const found = ({ truth, locator }: LocatedTruth): number =>
      truth.images.filter(({ fileName }) => locator?.find(fileName)).length;
    const images = sources.reduce((sum, { truth }) => sum + truth.images.length, 0);
    const imagesFound = sources.reduce((sum, source) => sum + found(source), 0);
    if (imagesFound < images) this.#noteMissingImages(images - imagesFound, images);
    return { images, imagesFound };
  }

  /** What the dry run shows of boxes: of one source as it is, of several what they make together. */
  async #shown(
    sources: readonly LocatedTruth[],
    existing: Truth | null,
    combined: CombinedImport | null,
    join: (truth: Truth) => PredictionColumns | null,
    predictedPixels: BoxConvention['pixels'],
  ) {
    const [first] = sources;
    if (this.#problem || !first) {
      const predictions = existing && !this.#problem ? join(existing) : null;
      const predicted = predictions && existing ? { truth: existing, predictions } : null;
      return { annotations: 0, predictions, predicted, preview: [] };
    }
    const isOne = sources.length === 1;
    const joined = isOne ? join(first.truth) : (combined?.predictions ?? null);
    const predictedOn = isOne ? first.truth : combined!.truth!.truth;
    const mapped = sources.map(
      ({ truth, locator }) =>
        ({ ...mapClasses(truth, isOne ? joined : null, this.#request.classes ?? {}), locator }) as const,
    );
    return {
      annotations: mapped.reduce((sum, { truth }) => sum + truth.annotations.count, 0),
      predictions: isOne ? mapped[0]!.predictions : joined,
      predicted: joined && { truth: predictedOn, predictions: joined },
      preview: await previewOf(mapped, predictedPixels),
    };
  }

  #fail(message: string, next: string): void {
    this.#problem ??= { message, next };
  }

  #noteMissingImages(count: number, total: number): void {
    this.#findings.add(
      'images-not-found',
      'warning',
      `${count} of ${total} image files were not found; their boxes are imported, their pixels can be found later.`,
      {},
      count,
    );
  }

  async #loadTruth(source: Recognised, labelMap: string | null): Promise<LoadedTruth> {
    const loaded = await loadTruth(source.path, {
      recognised: source,
      images: this.#request.images ?? this.#imagesFolder,
      labelMap,
      conventions: this.#request.conventions?.truth ?? {},
      keepExtra: true,
      progress: this.#progress,
    });
    this.#findings.addAll(loaded.findings);
    return loaded;
  }

  async #loadPredictions(source: Recognised, truth: Truth | null): Promise<LoadedPredictions> {
    const predictions = await loadPredictions(source.path, {
      recognised: source,
      truth,
      images: this.#request.images ?? this.#imagesFolder,
      conventions: this.#request.conventions?.predictions ?? {},
      progress: this.#progress,
    });
    this.#findings.addAll(predictions.raw.findings);
    return predictions;
  }

  #choose(loaded: LoadedTruth, subset: string | null): Truth {
    if (subset === null) return loaded.truth;
    const chosen = loaded.truth.subsets.find(({ name }) => name === subset);
    if (!chosen)
      throw new BadInput('subset-unknown', `There is no subset “${subset}”.`, 'Choose one of those listed.');
    return chooseImages(
      loaded.truth,
      [...chosen.images].sort((a, b) => a - b),
    );
  }

  #join(
    truth: Truth,
    raw: RawPredictions,
    labelMap: Parameters<typeof joinPredictions>[2]['labelMap'],
    hasUnchosenSubsets: boolean,
    file: string,
  ): Joined | null {
    try {
      const joined = joinPredictions(truth, raw, { file, labelMap: labelMap ?? null, hasUnchosenSubsets });
      this.#findings.addAll(joined.findings);
      return joined;
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      this.#fail(error.message, error.next);
      return null;
    }
  }
}

function suggestName(file: string, subset: string | null): string {
  const base =
    stemOf(path.basename(file)).replace(/^_?annotations?(\.coco)?$/i, '') ||
    path.basename(path.dirname(file));
  return subset === null ? base : `${base}-${subset}`;
}

/** Classes of the sources by name, as the files call them. */
function countClasses(
  truths: readonly Truth[],
  predicted: { readonly truth: Truth; readonly predictions: PredictionColumns } | null,
): ImportPlan['classes'] {
  const rows = new Map<string, { id: number; name: string; truth: number; predictions: number }>();
  const add = (
    { categories }: Truth,
    { category }: { readonly category: Int32Array },
    what: 'truth' | 'predictions',
  ): void => {
    for (const { id, name } of categories)
      if (!rows.has(name)) rows.set(name, { id, name, truth: 0, predictions: 0 });
    const counted = categories.map(({ name }) => rows.get(name)!);
    for (const index of category) counted[index]![what]++;
  };
  for (const truth of truths) add(truth, truth.annotations, 'truth');
  if (predicted) add(predicted.truth, predicted.predictions, 'predictions');
  return [...rows.values()];
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= work());
}

/** `into`: the open project, where the import goes into it: a run alone joins its labels. */
export function examineImport(
  request: ImportRequest,
  into: ProjectSession | null,
  progress: Progress,
): Promise<ExaminedImport> {
  return new Examination(request, into, progress).run();
}
