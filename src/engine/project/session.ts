/** An open project: the one owner of its file. Edits are committed before they are acknowledged and scored at once. */
import path from 'node:path';
import type { Operation } from '../../contract/engine-calls';
import type { LabelSource } from '../../contract/view-types';
import type { PredictionColumns } from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { noProgress } from '../../core/foundation/cancellation';
import type {
  CocoParameters,
  LiveProtocol,
  Protocol,
  Scorer,
  ScoringInput,
  VocParameters,
} from '../../core/metrics/evaluation';
import { HEADLINE_METRIC, LIVE_PROTOCOLS } from '../../core/metrics/evaluation';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import { createScorer, DEFAULT_SCORE } from '../../core/metrics/scorer';
import type { LogAction, LogEntry, StepScore } from '../store/edit-log';
import { EditLog } from '../store/edit-log';
import { readMeta, writeMeta } from '../store/meta';
import type { ProjectDatabase } from '../store/open';
import { closeProjectFile, createProjectFile, openProjectFile, writing } from '../store/open';
import type { RecordChange } from '../store/records';
import { RecordWriter, reverse } from '../store/records';
import { exchangeTruth } from '../store/truth-tables';
import { EditStep } from './edit-step';
import type { ProjectImport, UprightLabels } from './import-data';
import { assertImportable, writeImport } from './import-step';
import { federationOf, withFrequencies } from './lvis-fields';
import { previewedTruths } from './previewed-truths';
import { ProjectData } from './project-data';

export interface StepOutcome {
  readonly step: number;
  readonly time: string;
  readonly label: string;
  readonly changes: readonly RecordChange[];
  readonly scores: readonly StepScore[];
  /** Keys of images whose annotations, status or verdicts changed. */
  readonly images: readonly number[];
  /** Classes that were matched again, and the time of matching and scoring. */
  readonly work: { readonly images: number; readonly classes: number; readonly milliseconds: number };
}

/** Scores that a step is acknowledged with. */
export interface Scored {
  /** Run ids; null: all. */
  readonly runs: readonly number[] | null;
  readonly protocols: readonly Protocol[];
}

const now = (): string => new Date().toISOString();

export class ProjectSession {
  readonly path: string;
  readonly db: ProjectDatabase;
  data: ProjectData;
  readonly log: EditLog;
  readonly #writer: RecordWriter;
  readonly #scorers = new Map<string, Scorer>();

  private constructor(file: string, db: ProjectDatabase) {
    this.path = file;
    this.db = db;
    this.data = new ProjectData(db);
    this.log = new EditLog(db);
    this.#writer = new RecordWriter(db);
  }

  static create(file: string): ProjectSession {
    return new ProjectSession(path.resolve(file), createProjectFile(path.resolve(file)));
  }

  static open(file: string): ProjectSession {
    const db = openProjectFile(path.resolve(file));
    try {
      return new ProjectSession(path.resolve(file), db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  close(): void {
    closeProjectFile(this.db);
  }

  /** Absolute folder of the images; null where none were found. */
  get imageRoot(): string | null {
    const root = readMeta(this.db, 'imageRoot');
    if (root === null) return null;
    // Relative where images lie beside the project, so that both can move together.
    return readMeta(this.db, 'imageRootIsRelative') === 'true'
      ? path.resolve(path.dirname(this.path), root)
      : root;
  }

  /** Folders of images, which are only read: where they are several, not all that lies below the root. */
  get sourceFolders(): readonly string[] {
    const folders = readMeta(this.db, 'imageFolders');
    const root = this.imageRoot;
    if (folders !== null) return JSON.parse(folders) as string[];
    return root === null ? [] : [root];
  }

  /** Where the labels came from; null where that is not known. */
  get labelSource(): LabelSource | null {
    const source = readMeta(this.db, 'labelSource');
    return source === null ? null : (JSON.parse(source) as LabelSource);
  }

  /** Whether the labels came in upright pixels, and so go out. */
  get upright(): UprightLabels {
    return readMeta(this.db, 'uprightLabels') as UprightLabels;
  }

  get runs() {
    return this.data.runs.filter(({ removed }) => !removed);
  }

  run(id: number) {
    const run = this.runs.find((candidate) => candidate.id === id);
    if (!run)
      throw new BadInput('run-unknown', `There is no run ${id}.`, 'Choose one of the project’s runs.');
    return run;
  }

  scoringInput(predictions: PredictionColumns): ScoringInput {
    return {
      imageIds: this.data.images.map(({ id }) => id),
      categories: this.data.categories,
      annotations: this.data.annotationColumns(),
      predictions,
    };
  }

  /** Everything any protocol reads of a run and the labels as they are. */
  inputOf(run: number): ScoringInput {
    const { images, categories } = this.data;
    return {
      ...this.scoringInput(this.data.predictions(this.run(run).id).columns),
      categories: withFrequencies(categories),
      federation: federationOf(images, categories),
    };
  }

  /** Whether the live scorer is there, so that asking for it takes no time. */
  hasScorer(run: number, protocol: LiveProtocol): boolean {
    return this.#scorers.has(`${run} ${protocol}`);
  }

  /** One that was made elsewhere, of the labels as they are. */
  keepScorer(run: number, protocol: LiveProtocol, scorer: Scorer): void {
    this.#scorers.set(`${run} ${protocol}`, scorer);
  }

  /** The live scorer of a run, made when first asked for. With parameters of the caller's own it is made anew. */
  scorer(run: number, protocol: LiveProtocol, parameters?: Partial<CocoParameters & VocParameters>): Scorer {
    const make = () =>
      createScorer(
        this.scoringInput(this.data.predictions(this.run(run).id).columns),
        protocol,
        parameters ?? {},
      );
    if (parameters) return make();
    const key = `${run} ${protocol}`;
    const known = this.#scorers.get(key) ?? make();
    this.#scorers.set(key, known);
    return known;
  }

  /** Headline numbers of runs. */
  headlines({
    runs,
    protocols,
  }: Scored): { run: number; name: string; protocol: Protocol; value: number | null }[] {
    const chosen = runs ?? this.runs.map(({ id }) => id);
    return chosen.flatMap((run) =>
      protocols.map((protocol) => ({
        run,
        name: this.run(run).name,
        protocol,
        value: this.#headline(run, protocol),
      })),
    );
  }

  /** Protocols that do not follow edits are evaluated anew. */
  #headline(run: number, protocol: Protocol): number | null {
    const live = LIVE_PROTOCOLS.find((one) => one === protocol);
    if (live) return this.scorer(run, live).headline();
    const { metrics } = evaluateProtocol(this.inputOf(run), protocol, {}).result(DEFAULT_SCORE);
    return metrics[HEADLINE_METRIC[protocol]] ?? null;
  }

  /** One undoable step. All operations or none; committed when this returns. */
  apply(
    operations: readonly Operation[],
    author: string,
    label: string | ((changes: readonly RecordChange[]) => string),
    scored: Scored,
    action: 'edit' | 'merge' = 'edit',
  ): StepOutcome {
    const step = new EditStep(this.data, this.lastAnnotationId());
    for (const operation of operations) step.apply(operation);
    const changes = step.changes();
    const words = typeof label === 'string' ? label : label(changes);
    return this.#commit(action, author, words, null, changes, scored, () => {
      writeMeta(this.db, 'lastAnnotationId', String(step.lastAnnotationId));
    });
  }

  /** The headline as it would be with operations on annotations; nothing is kept. */
  preview(operations: readonly Operation[], run: number, protocol: LiveProtocol): number | null {
    const step = new EditStep(this.data, this.lastAnnotationId());
    for (const operation of operations) step.apply(operation);
    const scorer = this.scorer(run, protocol);
    const truths = previewedTruths(this.data, step.changes());
    const last = truths.pop();
    if (!last) return scorer.headline();
    // All images but the last are exchanged for a moment: scores come back to the bit.
    for (const { image, truth } of truths) scorer.replaceTruth(image, truth);
    try {
      return scorer.preview(last.image, last.truth).headline;
    } finally {
      for (const { image } of truths) scorer.replaceTruth(image, this.data.imageTruth(image));
    }
  }

  /** Whether undo would take back the step that put the first ground truth in, and so leave nothing. */
  get undoEmpties(): boolean {
    const of = this.log.undoable.at(-1);
    if (of === undefined || this.log.undoable.length > 1) return false;
    return this.log.entry(of).changes.some(({ table }) => table === 'truth');
  }

  /** Takes back the last step; null where there is none. */
  undo(author: string, scored: Scored): StepOutcome | null {
    const of = this.log.undoable.at(-1);
    return of === undefined ? null : this.#travel('undo', of, author, scored);
  }

  redo(author: string, scored: Scored): StepOutcome | null {
    const of = this.log.redoable.at(-1);
    return of === undefined ? null : this.#travel('redo', of, author, scored);
  }

  /** Takes back or does again several steps, scored once at the end; the caller knows that there are as many. */
  travel(direction: 'undo' | 'redo', count: number, author: string, scored: Scored): StepOutcome {
    for (let step = 1; step < count; step++) this[direction](author, { runs: [], protocols: [] });
    return this[direction](author, scored)!;
  }

  #travel(action: 'undo' | 'redo', of: number, author: string, scored: Scored): StepOutcome {
    const entry = this.log.entry(of);
    const changes = action === 'redo' ? entry.changes : [...entry.changes].reverse().map(reverse);
    return this.#commit(action, author, entry.label, of, changes, scored, () => {
      if (entry.changes.some(({ table }) => table === 'truth')) exchangeTruth(this.db, of, action);
    });
  }

  /** Throws `BadInput` where an import would exchange something without leave. */
  assertImportable(source: ProjectImport): void {
    assertImportable(this.data, source);
  }

  /** Puts in ground truth, runs, or both: one step, all or nothing. */
  import(source: ProjectImport, scored: Scored, progress: Progress = noProgress): StepOutcome {
    this.assertImportable(source);
    const { author, label, action } = source;
    const step = this.log.nextStep;
    const changes: RecordChange[] = [];
    return this.#commit(action ?? 'import', author, label, null, changes, scored, () => {
      changes.push(...writeImport(this, source, step, progress));
    });
  }

  changeRun(
    id: number,
    change: { readonly name?: string; readonly removed?: boolean },
    author: string,
    scored: Scored,
  ): StepOutcome {
    const { name, removed } = this.run(id);
    const after = { name: change.name ?? name, removed: change.removed ?? removed };
    if (this.runs.some((other) => other.id !== id && other.name === after.name)) {
      throw new BadInput(
        'run-exists',
        `The project has a run “${after.name}” already.`,
        'Choose another name.',
      );
    }
    const label = change.removed ? `Remove the run ${name}` : `Rename the run ${name} to ${after.name}`;
    return this.#commit(
      'edit',
      author,
      label,
      null,
      [{ table: 'runs', key: id, before: { name, removed }, after }],
      scored,
    );
  }

  /** The highest annotation id ever used. */
  lastAnnotationId(): number {
    return Number(readMeta(this.db, 'lastAnnotationId') ?? '0');
  }

  /**
   * Writes a step and its log entry in one transaction, then follows it in memory and in the live scorers. `more` writes
   * what the changes do not say; it may add changes.
   */
  #commit(
    action: LogAction,
    author: string,
    label: string,
    of: number | null,
    changes: readonly RecordChange[],
    scored: Scored,
    more: () => void = () => undefined,
  ): StepOutcome {
    const before = this.headlines(scored);
    const entry: LogEntry = {
      step: this.log.nextStep,
      time: now(),
      author,
      action,
      label,
      of,
      changes,
      scores: [],
    };
    writing(this.path, () => {
      this.db.transaction(() => {
        more();
        for (const change of changes) this.#writer.write(change);
        this.log.append(entry);
      })();
    });
    this.log.appended(entry);
    const start = performance.now();
    const { images, classes } = this.#follow(changes);
    const scores = this.#scoresOfStep(before, scored);
    const milliseconds = performance.now() - start;
    if (scores.length > 0) writing(this.path, () => this.log.setScores(entry.step, scores));
    return {
      step: entry.step,
      time: entry.time,
      label,
      changes,
      scores,
      images,
      work: { images: images.length, classes, milliseconds },
    };
  }

  #scoresOfStep(before: ReturnType<ProjectSession['headlines']>, scored: Scored): StepScore[] {
    const live = scored.runs
      ? { ...scored, runs: scored.runs.filter((run) => this.runs.some(({ id }) => id === run)) }
      : scored;
    return this.headlines(live).map(({ run, name, protocol, value }) => ({
      run: name,
      protocol,
      metric: HEADLINE_METRIC[protocol],
      before: before.find((old) => old.run === run && old.protocol === protocol)?.value ?? null,
      after: value,
    }));
  }

  /** Brings memory and scorers to what was committed. */
  #follow(changes: readonly RecordChange[]): { images: number[]; classes: number } {
    const isWhole = changes.some(({ table }) => table === 'truth');
    if (isWhole || changes.some(({ table }) => table === 'runs' || table === 'categories')) {
      this.data = new ProjectData(this.db);
      this.#scorers.clear();
      if (isWhole)
        return { images: this.data.images.map(({ key }) => key), classes: this.data.categories.length };
    }
    const touched = new Set<number>();
    const rematched = new Set<number>();
    for (const change of changes) {
      if (change.table === 'annotations') {
        for (const side of [change.before, change.after]) if (side) rematched.add(side.image);
        this.data.setAnnotation(change.key, change.after);
      } else if (change.table === 'review') {
        const image = this.data.images[this.data.indexOfImage.get(change.key)!]!;
        image.status = change.after.status;
        image.note = change.after.note;
        touched.add(change.key);
      } else if (change.table === 'verdicts') {
        if (change.after) this.data.verdicts.set(change.key, change.after);
        else this.data.verdicts.delete(change.key);
      }
    }
    const classes = new Set<number>();
    for (const key of rematched) {
      touched.add(key);
      const index = this.data.indexOfImage.get(key)!;
      for (const scorer of this.#scorers.values()) {
        for (const matched of scorer.replaceTruth(index, this.data.imageTruth(index))) classes.add(matched);
      }
    }
    return { images: [...touched], classes: classes.size };
  }
}
