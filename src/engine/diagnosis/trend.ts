/** How the score of a run and its bill went: what the history says of the score, and each diagnosis that was made. */
import type { BillRow, DiagnosisView, TrendPoint } from '../../contract/diagnosis-view';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import type { ProjectSession } from '../project/session';
import type { StepScore } from '../store/edit-log';
import { writing } from '../store/open';

/** Points that a small chart can show. */
const MOST_POINTS = 120;
/** Steps that are looked through for scores. */
const MOST_STEPS = 1000;

/** Keeps the score and the bill of a diagnosis. `step`: the last one that it knew of; one made from the same is replaced. */
export function keepBill(session: ProjectSession, step: number, view: DiagnosisView): void {
  const { run, protocol, metric, score, madeAt, causes } = view;
  const bill = causes
    .filter(({ share, state }) => share !== null && state === 'open')
    .map(({ code, title, share, confidence }): BillRow => ({ code, title, share: share!, confidence }));
  const { db } = session;
  writing(session.path, () =>
    db.transaction(() => {
      db.prepare('DELETE FROM evaluations WHERE run = ? AND protocol = ? AND step = ?').run(
        run,
        protocol,
        step,
      );
      db.prepare(
        'INSERT INTO evaluations (run, step, time, protocol, parameters, metrics, bill) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ).run(run, step, madeAt, protocol, '{}', JSON.stringify({ [metric]: score }), JSON.stringify(bill));
    })(),
  );
}

interface EvaluationRow {
  readonly step: number;
  readonly time: string;
  readonly metrics: string;
  readonly bill: string | null;
}

/** Oldest first; the newest where there are too many. */
export function trendOf(session: ProjectSession, run: number, protocol: LiveProtocol): TrendPoint[] {
  const { db } = session;
  const { id, name } = session.run(run);
  const points = new Map<number, TrendPoint>();
  const steps = db
    .prepare('SELECT step, time, scores FROM edit_log ORDER BY step DESC LIMIT ?')
    .all(MOST_STEPS) as { step: number; time: string; scores: string }[];
  for (const { step, time, scores } of steps) {
    const own = (JSON.parse(scores) as StepScore[]).find(
      (one) => one.run === name && one.protocol === protocol,
    );
    if (own) points.set(step, { step, time, score: own.after, bill: null });
  }
  const evaluations = db
    .prepare(
      'SELECT step, time, metrics, bill FROM evaluations WHERE run = ? AND protocol = ? ORDER BY id DESC LIMIT ?',
    )
    .all(id, protocol, MOST_POINTS) as EvaluationRow[];
  for (const { step, time, metrics, bill } of evaluations) {
    const [score = null] = Object.values(JSON.parse(metrics) as Record<string, number | null>);
    points.set(step, { step, time, score, bill: bill === null ? null : (JSON.parse(bill) as BillRow[]) });
  }
  return [...points.values()].sort((a, b) => a.step - b.step).slice(-MOST_POINTS);
}
