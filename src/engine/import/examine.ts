/** Reads what was dropped or chosen, whole, and says what an import would do. Nothing is written here. */
import path from 'node:path';
import type { ImportPlan, ImportSource } from '../../contract/view-types';
import type { Join, PredictionColumns, Truth } from '../../core/dataset/dataset';
import { chooseImages } from '../../core/dataset/subset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { FindingCollector } from '../../core/foundation/finding';
import type { RawPredictions } from '../../core/formats/coco/read-results';
import type { Joined } from '../../core/formats/join';
import { joinPredictions } from '../../core/formats/join';
import { stemOf } from '../../core/formats/names';
import type { ImageLocator } from '../images/locate';
import { findImageRoot } from '../images/locate';
import type { LoadedTruth } from './load';
import type { LoadedPredictions } from './load';
import { loadLabelMap, loadPredictions, loadTruth } from './load';
import type { Recognised } from './recognise';
import { recognise } from './recognise';

export interface ImportRequest {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly subset: string | null;
  readonly images: string | null;
  readonly labelMap: string | null;
  /** As `ReadOptions.vocOfficial`. */
  readonly vocOfficial: boolean;
}

export interface ExaminedImport {
  readonly plan: ImportPlan;
  /** Null where only a run comes in. */
  readonly truth: Truth | null;
  readonly locator: ImageLocator | null;
  readonly predictions: PredictionColumns | null;
  readonly predictionsSource: string | null;
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
  readonly #existing: Truth | null;
  readonly #progress: Progress;
  readonly #findings = new FindingCollector();
  #problem: ImportPlan['problem'] = null;
  /** A folder of images among the sources. */
  #imagesFolder: string | null = null;

  constructor(request: ImportRequest, existing: Truth | null, progress: Progress) {
    this.#request = request;
    this.#existing = existing;
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
    const [truthSource] = of('truth');
    const [predictionsSource] = of('predictions');
    if (of('truth').length > 1)
      this.#fail('Several sources hold ground truth.', 'Mark all but one as “not this”.');
    if (of('predictions').length > 1)
      this.#fail('Several sources hold predictions.', 'Import them one after another, as runs.');
    const loaded = truthSource ? await this.#loadTruth(truthSource, labelMapPath) : null;
    const raw = predictionsSource
      ? (await this.#loadPredictions(predictionsSource, loaded?.truth ?? this.#existing)).raw
      : null;
    const guessed =
      loaded && raw && this.#request.subset === null && loaded.subsets.length > 1
        ? guessSubset(loaded, raw)
        : null;
    const subset = this.#request.subset ?? guessed?.name ?? null;
    const truth = loaded && this.#choose(loaded, subset);
    const base = truth ?? this.#existing;
    if (!base)
      this.#fail(
        'There is no ground truth among them.',
        'Add a dataset: COCO JSON, a YOLO or Pascal VOC folder, TFRecords, CSV, ….',
      );
    else if (!truth && !raw) this.#fail('There is nothing to import.', 'Choose ground truth or predictions.');
    const joined =
      base && raw
        ? this.#join(
            base,
            raw,
            labelMap,
            loaded !== null && subset === null && loaded.hasUnchosenSubsets,
            predictionsSource!.path,
          )
        : null;
    const locator = truth
      ? await findImageRoot(
          truth.images.map(({ fileName }) => fileName),
          loaded.root,
          this.#request.images ?? this.#imagesFolder,
        )
      : null;
    const imagesFound =
      truth && locator ? truth.images.filter(({ fileName }) => locator.find(fileName) !== null).length : 0;
    if (truth && imagesFound < truth.images.length)
      this.#noteMissingImages(truth.images.length - imagesFound, truth.images.length);
    return {
      plan: {
        sources: recognised.map(({ file, found }): ImportSource => ({
          path: file,
          name: path.basename(file),
          kind: found.kind,
          format: found.format,
          why: found.why,
        })),
        subsets: loaded?.subsets ?? [],
        subset,
        subsetReason: guessed?.reason ?? null,
        ...countsOf(truth ?? null, base, joined),
        imagesFound,
        findings: this.#findings.list(),
        suggestedName: `${suggestName(truthSource?.path ?? predictionsSource?.path ?? 'project', subset)}.reticle`,
        suggestedRunName: predictionsSource ? stemOf(path.basename(predictionsSource.path)) : null,
        problem: this.#problem,
      },
      truth: truth ?? null,
      locator,
      predictions: joined?.predictions ?? null,
      predictionsSource: predictionsSource?.path ?? null,
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
      vocOfficial: this.#request.vocOfficial,
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
      images: this.#request.images,
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

function countsOf(
  truth: Truth | null,
  base: Truth | null,
  joined: Joined | null,
): Pick<ImportPlan, 'images' | 'annotations' | 'predictions' | 'join' | 'classes'> {
  const truthOf = new Uint32Array(base?.categories.length ?? 0);
  const predictedOf = new Uint32Array(base?.categories.length ?? 0);
  base?.annotations.category.forEach((category) => truthOf[category]!++);
  joined?.predictions.category.forEach((category) => predictedOf[category]!++);
  const join: Join | null = joined?.join ?? null;
  return {
    images: truth?.images.length ?? 0,
    annotations: truth?.annotations.count ?? 0,
    predictions: joined?.predictions.count ?? 0,
    join,
    classes: (base?.categories ?? []).map(({ id, name }, index) => ({
      id,
      name,
      truth: truthOf[index]!,
      predictions: predictedOf[index]!,
    })),
  };
}

/** `existing`: the open project's ground truth, which a run alone joins. */
export function examineImport(
  request: ImportRequest,
  existing: Truth | null,
  progress: Progress,
): Promise<ExaminedImport> {
  return new Examination(request, existing, progress).run();
}
