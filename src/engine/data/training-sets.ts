/** The training set that a project knows: which it is, and what was read of it. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { TrainingChoice, TrainingSetView } from '../../contract/data-view';
import { trainingChoiceSchema } from '../../contract/data-view';
import type { Truth } from '../../core/dataset/dataset';
import { chooseImages } from '../../core/dataset/subset';
import type { TrainingSet } from '../../core/diagnosis/rule';
import type { Situation } from '../../core/diagnosis/situation';
import { onlyImages } from '../../core/diagnosis/selection';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { type Depth, lookAtImages } from '../diagnosis/image-facts';
import { loadTruth } from '../import/load';
import type { Holders } from '../images/locate';
import { findImageRoot } from '../images/locate';
import type { LookCache } from '../images/look-cache';
import type { ProjectSession } from '../project/session';
import { readMeta, writeMeta } from '../store/meta';
import { projectFacts } from './project-facts';

/** Key in the project file. */
const CHOICE = 'trainingSet';
const TRAINING_NAME = /^train(ing)?\d*$/i;

export interface KnownTraining {
  readonly set: TrainingSet;
  readonly view: TrainingSetView;
}

/** A training set from a path, as it was last read. */
interface Loaded {
  readonly key: string;
  readonly truth: Truth;
  readonly root: string;
  readonly holders: Holders | null;
  readonly subsets: readonly string[];
  readonly subset: string | null;
}

export function readChoice(session: ProjectSession): TrainingChoice | null {
  const text = readMeta(session.db, CHOICE);
  return text === null ? null : trainingChoiceSchema.parse(JSON.parse(text));
}

export function rememberChoice(session: ProjectSession, choice: TrainingChoice | null): void {
  writeMeta(session.db, CHOICE, choice && JSON.stringify(choice));
}

export class TrainingSets {
  readonly #looks: LookCache;
  #loaded: Loaded | null = null;

  constructor(looks: LookCache) {
    this.#looks = looks;
  }

  /** What was read is read again the next time. */
  forget(): void {
    this.#loaded = null;
  }

  /** Throws `BadInput` where it is not there, or is no ground truth. */
  async read(
    session: ProjectSession,
    choice: TrainingChoice,
    situation: Situation | null,
    depth: Depth,
    progress: Progress,
  ): Promise<KnownTraining> {
    return choice.kind === 'subset'
      ? this.#ofProject(session, choice, situation, depth, progress)
      : this.#ofPath(choice, depth, progress);
  }

  async #ofProject(
    session: ProjectSession,
    choice: Extract<TrainingChoice, { kind: 'subset' }>,
    situation: Situation | null,
    depth: Depth,
    progress: Progress,
  ): Promise<KnownTraining> {
    const { data } = session;
    const subset = data.subsets.find(({ name }) => name === choice.name);
    if (!subset)
      throw new BadInput(
        'subset-unknown',
        `The project has no subset “${choice.name}”.`,
        'Choose the training set again.',
      );
    if (subset.images.length === data.images.length)
      throw new BadInput(
        'subset-is-everything',
        `All images of the project are in “${choice.name}”: none would be left to evaluate.`,
        'Choose another training set.',
      );
    const within = subset.images.map((key) => data.indexOfImage.get(key)!);
    const facts = await projectFacts(session, this.#looks, depth, progress);
    const predicted = situation && onlyImages(situation, within);
    return {
      set: {
        truth: chooseImages(data.asTruth(), within),
        facts: within.map((image) => facts[image] ?? null),
        within,
        // A run of the evaluation images alone has nothing to say of the others.
        predicted: predicted && predicted.predictions.count > 0 ? predicted : null,
      },
      view: {
        choice,
        name: `${choice.name} of this project`,
        subsets: data.subsets.map(({ name }) => name),
        subset: choice.name,
      },
    };
  }

  async #ofPath(
    choice: Extract<TrainingChoice, { kind: 'path' }>,
    depth: Depth,
    progress: Progress,
  ): Promise<KnownTraining> {
    const { truth, root, holders, subsets, subset } = await this.#load(choice, progress);
    const names = truth.images.map(({ fileName }) => fileName);
    const locator = await findImageRoot(names, root, null, holders, progress);
    const facts = await lookAtImages(names, locator, progress, depth, this.#looks);
    const folder = path.basename(choice.path);
    return {
      set: { truth, facts, within: null, predicted: null },
      view: { choice, name: subset === null ? folder : `${subset} of ${folder}`, subsets, subset },
    };
  }

  async #load(choice: Extract<TrainingChoice, { kind: 'path' }>, progress: Progress): Promise<Loaded> {
    const entry = await stat(choice.path).catch(() => null);
    const key = JSON.stringify([choice, entry?.mtimeMs, entry?.size]);
    if (this.#loaded?.key === key) return this.#loaded;
    const { truth, root, holders, subsets } = await loadTruth(choice.path, { progress, keepUnlisted: true });
    const names = subsets.map(({ name }) => name);
    const wanted =
      choice.subset === undefined ? (names.find((name) => TRAINING_NAME.test(name)) ?? null) : choice.subset;
    const chosen = truth.subsets.find(({ name }) => name === wanted);
    if (wanted !== null && !chosen)
      throw new BadInput(
        'subset-unknown',
        `The training set has no subset “${wanted}”.`,
        'Choose another subset, or all together.',
        { file: choice.path },
      );
    const own = chosen ? chooseImages(truth, [...chosen.images]) : truth;
    this.#loaded = { key, truth: own, root, holders, subsets: names, subset: wanted };
    return this.#loaded;
  }
}
