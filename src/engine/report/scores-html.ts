/** The numbers of the report: the protocol's metrics, each class, and precision by recall. */
import type { ClassCurve, EvaluationResult } from '../../core/metrics/evaluation';
import { count, escape, number, pixels } from './html';

const MOST_METRICS = 40;
const MOST_CURVES = 24;
const CLASS_BAR = 120;
/** Of a curve: the square, and room for the words at its edges. */
const SIDE = 130;
const EDGE = 16;

export function scoresHtml({ metrics, classes }: EvaluationResult, curves: readonly ClassCurve[]): string {
  const all = Object.entries(metrics).slice(0, MOST_METRICS);
  const highest = Math.max(1, ...classes.map(({ AP }) => AP ?? 0));
  const rows = classes.map(
    ({ name, truth, predictions, AP }) =>
      `<tr><th scope="row">${escape(name ?? 'all')}</th><td class="n">${count(truth)}</td><td class="n">${count(predictions)}</td><td class="n">${escape(number(AP))}</td><td><svg width="${CLASS_BAR}" height="10" aria-hidden="true"><rect class="bar" height="10" width="${pixels((CLASS_BAR * (AP ?? 0)) / highest)}"/></svg></td></tr>`,
  );
  const names = new Map(classes.map(({ id, name }) => [id, name ?? 'all']));
  const figures = curves.slice(0, MOST_CURVES).map((curve) => curveHtml(names.get(curve.id) ?? '', curve));
  const more =
    curves.length > MOST_CURVES ? `<p class="quiet">The curves of the first ${MOST_CURVES} classes.</p>` : '';
  return `<h2>Scores</h2><div class="metrics">${all.map(([key, value]) => `<div><span>${escape(key)}</span><b>${escape(number(value))}</b></div>`).join('')}</div>
<h2>Classes</h2><table><thead><tr><th>Class</th><th class="n">Labels</th><th class="n">Predictions</th><th class="n">AP</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>
<h2>Precision by recall</h2><p class="quiet">At the protocol’s first IoU.</p>${more}<div class="curves">${figures.join('')}</div>`;
}

function curveHtml(name: string, { recall, precision }: ClassCurve): string {
  const points = recall.map(
    (value, at) => `${pixels(EDGE + value * SIDE)},${pixels(4 + (1 - precision[at]!) * SIDE)}`,
  );
  const bottom = SIDE + 4;
  const grid = [0.25, 0.5, 0.75].map((part) => {
    const [x, y] = [pixels(EDGE + part * SIDE), pixels(4 + part * SIDE)];
    return `<line class="grid" x1="${x}" x2="${x}" y1="4" y2="${bottom}"/><line class="grid" x1="${EDGE}" x2="${EDGE + SIDE}" y1="${y}" y2="${y}"/>`;
  });
  return `<figure><svg width="${SIDE + EDGE + 4}" height="${bottom + 16}" role="img" aria-label="Precision by recall of ${escape(name)}">${grid.join('')}<rect class="frame" x="${EDGE}" y="4" width="${SIDE}" height="${SIDE}"/><polyline class="curve" points="${points.join(' ')}"/><text x="${EDGE - 4}" y="12" text-anchor="end">1</text><text x="${EDGE - 4}" y="${bottom + 12}" text-anchor="end">0</text><text x="${EDGE + SIDE}" y="${bottom + 12}" text-anchor="end">1</text><text x="${EDGE + SIDE / 2}" y="${bottom + 12}" text-anchor="middle">recall</text></svg><figcaption>${escape(name)}</figcaption></figure>`;
}
