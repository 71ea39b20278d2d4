/** The project that is open in the app, with what the window has to know of it. */
import path from 'node:path';
import type { ProjectState, SavedView, ScoreState } from '../../contract/view-types';
import { BadInput } from '../../core/foundation/bad-input';
import type { EvaluationResult, LiveProtocol } from '../../core/metrics/evaluation';
import { HEADLINE_METRIC } from '../../core/metrics/evaluation';
import { riskOfLocation } from '../store/location';
import type { ProjectSession, StepOutcome } from './session';

interface Seen {
  readonly start: number | null;
  /** Before and after the last edit. */
  before: EvaluationResult | null;
  now: EvaluationResult;
  work: StepOutcome['work'] | null;
}

const change = (now: number | null, before: number | null): number | null =>
  now === null || before === null ? null : now - before;
const headline = (result: EvaluationResult): number | null =>
  result.metrics[HEADLINE_METRIC[result.protocol]] ?? null;

export class OpenProject {
  #session: ProjectSession | null = null;
  #isSample = false;
  /** Scores the window has seen, by run and protocol: what an edit and the session changed is measured from them. */
  readonly #seen = new Map<string, Seen>();
  /** Counts changes, so that what was made from older data is known to be old. */
  revision = 0;

  get isOpen(): boolean {
    return this.#session !== null;
  }

  /** Throws `BadInput` where no project is open. */
  current(): { readonly session: ProjectSession } {
    if (!this.#session)
      throw new BadInput('no-project', 'No project is open.', 'Open one, or make a new one.');
    return { session: this.#session };
  }

  /** Takes over an opened session; the one before is closed. */
  set(session: ProjectSession, isSample: boolean): void {
    this.close();
    this.#session = session;
    this.#isSample = isSample;
    this.revision++;
  }

  close(): void {
    this.#session?.close();
    this.#session = null;
    this.#seen.clear();
    this.revision++;
  }

  describe(): ProjectState | null {
    const session = this.#session;
    if (!session) return null;
    const { data } = session;
    const annotationsOf = new Map<number, number>();
    for (const records of data.annotations)
      for (const { category } of records) annotationsOf.set(category, (annotationsOf.get(category) ?? 0) + 1);
    return {
      path: session.path,
      name: path.basename(session.path).replace(/\.reticle$/i, ''),
      isSample: this.#isSample,
      images: data.images.length,
      annotations: data.annotationCount,
      categories: data.categories.map(({ id, name }) => ({
        id,
        name,
        annotations: annotationsOf.get(id) ?? 0,
      })),
      runs: session.runs.map(({ id, name, source, importedAt }) => {
        const { columns, imagesWithPredictions } = data.predictions(id);
        return { id, name, source, importedAt, predictions: columns.count, images: imagesWithPredictions };
      }),
      subsets: data.subsets.map(({ name, images }) => ({ name, images: images.length })),
      missingImages: data.images.filter(({ location }) => location === null).length,
      imageRoot: session.imageRoot,
      source: session.labelSource,
      risk: riskOfLocation(session.path),
      reviewed: data.images.filter(({ status }) => status === 'done').length,
      views: this.views(),
      savedAt: session.log.lastTime,
      canUndo: session.log.undoable.length,
      canRedo: session.log.redoable.length,
      undoEmpties: session.undoEmpties,
    };
  }

  views(): SavedView[] {
    const rows = this.current().session.db.prepare('SELECT id, name, query FROM views ORDER BY id').all() as {
      id: number;
      name: string;
      query: string;
    }[];
    return rows.map(({ id, name, query }) => ({ id, name, query: JSON.parse(query) as SavedView['query'] }));
  }

  /** The score as the window shows it. */
  score(run: number, protocol: LiveProtocol): ScoreState {
    const { session } = this.current();
    const now = session.scorer(run, protocol).result();
    const key = `${run} ${protocol}`;
    const seen = this.#seen.get(key) ?? { start: headline(now), before: null, now, work: null };
    seen.now = now;
    this.#seen.set(key, seen);
    const { before, start, work } = seen;
    return {
      run,
      protocol,
      metric: HEADLINE_METRIC[protocol],
      value: headline(now),
      editChange: before && change(headline(now), headline(before)),
      sessionChange: change(headline(now), start),
      metrics: now.metrics,
      classes: now.classes,
      before: before && { value: headline(before), classes: changedClasses(before, now) },
      work,
    };
  }

  /** To be called before an edit with the score that the window shows, so that its change is known. */
  beforeEdit(run: number, protocol: LiveProtocol): void {
    this.score(run, protocol);
  }

  /** Remembers what the last edit changed. */
  afterEdit(run: number, protocol: LiveProtocol, outcome: StepOutcome): ScoreState | null {
    const { session } = this.current();
    const seen = this.#seen.get(`${run} ${protocol}`);
    if (!session.runs.some(({ id }) => id === run)) return null;
    if (seen) {
      seen.before = seen.now;
      seen.work = outcome.work;
    }
    return this.score(run, protocol);
  }
}

/** AP before, of the classes whose AP changed. */
function changedClasses(before: EvaluationResult, now: EvaluationResult): Record<number, number | null> {
  const old = new Map(before.classes.map(({ id, AP }) => [id, AP]));
  const changed: Record<number, number | null> = {};
  for (const { id, AP } of now.classes)
    if (id !== null && old.has(id) && old.get(id) !== AP) changed[id] = old.get(id) ?? null;
  return changed;
}
