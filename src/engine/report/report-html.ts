/** The report: one HTML file that needs nothing besides itself, to read, print and pass on. */
import type { Cause } from '../../core/diagnosis/cause';
import type { Reconciled } from '../../core/diagnosis/reconcile/reconcile';
import type { Finding } from '../../core/foundation/finding';
import type { ClassCurve, EvaluationResult } from '../../core/metrics/evaluation';
import type { Example } from './examples';

/** A step of the project's history. */
export interface ReportedStep {
  readonly time: string;
  readonly label: string;
  readonly before: number | null;
  readonly after: number | null;
}

export interface ReportContents {
  readonly version: string;
  /** ISO time. */
  readonly madeAt: string;
  /** What is reported on: a run; null where nothing names it. */
  readonly run: string | null;
  /** Null where there is nothing to score. */
  readonly score: { readonly protocol: string; readonly key: string; readonly value: number | null } | null;
  readonly causes: readonly Cause[];
  /** By place in `causes`: what somebody said of it (`accepted`, `repaired`); absent where it is open. */
  readonly settled: ReadonlyMap<number, string>;
  readonly heldBack: readonly string[];
  readonly scoreAfterAll: number | null;
  /** Up to the score on the training images; null where that is not known. */
  readonly unexplained: number | null;
  readonly reconciled: readonly Reconciled[];
  readonly findings: readonly Finding[];
  readonly scored: { readonly result: EvaluationResult; readonly curves: readonly ClassCurve[] } | null;
  /** By place in `causes`. */
  readonly examples: readonly (readonly Example[])[];
  /** What was done to the project, newest first; empty where there is none. */
  readonly steps: readonly ReportedStep[];
  /** Steps that are not listed. */
  readonly olderSteps: number;
  /** File names of images are left out: the report can be shown to others. */
  readonly hidesNames: boolean;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign]!);

const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(3);
const fixed = (value: number): string => value.toFixed(1);
/** Longer side of a picture, in pixels. */
const PICTURE = 220;
const signed = (value: number | null): string =>
  value === null ? '–' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;color:#1d1e22;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .5rem;border-bottom:1px solid #dcdde1;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.quiet{color:#5b5d66}.score{font-size:2rem;font-variant-numeric:tabular-nums}.bar{fill:#54565e}.estimated{fill:none;stroke:#54565e}
code{font-size:.9em;overflow-wrap:anywhere}figure{display:inline-block;margin:.5rem 1rem .5rem 0}figcaption{font-size:.85rem}
figure svg{border-radius:3px}figure rect{fill:none}.casing{stroke:#0b0c0e;stroke-width:3.5;stroke-opacity:.7}.label{stroke:#3fcf9b;stroke-width:1.5}.prediction{stroke:#e8652b;stroke-width:1.5}.dashed{stroke-dasharray:5 3}
@media print{body{margin:0;max-width:none}h2,h3{break-after:avoid}tr,figure{break-inside:avoid}}`;

export function reportHtml(contents: ReportContents): string {
  const { version, madeAt, run, score, causes, reconciled, scored, hidesNames } = contents;
  const head = score
    ? `<p><span class="score">${number(score.value)}</span> <span class="quiet">${escape(score.key)} · ${escape(score.protocol)}</span></p>`
    : '<p class="quiet">Nothing was scored.</p>';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Why is the score low?</title><style>${STYLE}</style></head><body>
<h1>Why is the score low?</h1>
${head}
<p class="quiet">${run === null || hidesNames ? '' : `${escape(run)}, `}Reticle ${escape(version)}, ${escape(madeAt)}</p>
${billOf(contents)}
${reconciled.length > 0 ? `<h2>Reported numbers</h2>${reconciled.map(({ sentence }) => `<p>${escape(sentence)}</p>`).join('')}` : ''}
${evidenceOf(causes, contents.examples, hidesNames)}
${stepsOf(contents)}
${scored ? scoresOf(scored.result, scored.curves) : ''}
${findingsOf(contents)}
</body></html>
`;
}

function billOf({ causes, settled, heldBack, scoreAfterAll, unexplained }: ReportContents): string {
  if (causes.length === 0) return '<h2>Causes</h2><p>No cause was found.</p>';
  const most = Math.max(0.001, ...causes.map(({ share }) => Math.abs(share ?? 0)));
  const rows = causes.map(
    (
      { title, code, share, gain, gainInterval, confidence, action },
      place,
    ) => `<tr><td><b>${escape(title)}</b>${settled.has(place) ? ` (${escape(settled.get(place)!)})` : ''}<br><span class="quiet">${escape(action)}. <code>${code}</code></span></td>
<td><svg width="120" height="14" role="img" aria-label="${signed(share)}"><rect class="${confidence === 'estimated' ? 'estimated' : 'bar'}" x="1" y="2" height="10" width="${((118 * Math.abs(share ?? 0)) / most).toFixed(1)}"/></svg></td>
<td class="n">${signed(share)}</td><td class="n">${signed(gain)}${gainInterval ? `<br><span class="quiet">${number(gainInterval[0])} to ${number(gainInterval[1])}</span>` : ''}</td><td>${confidence ?? 'no price'}</td></tr>`,
  );
  return `<h2>Causes</h2><table><tr><th>Cause</th><th>Share</th><th class="n"></th><th class="n">Alone</th><th>Price is</th></tr>${rows.join('\n')}</table>
<p>With everything repaired that can be scored again: <b>${number(scoreAfterAll)}</b></p>
${unexplained === null ? '' : `<p>Unexplained, up to the score on the training images: <b>${number(unexplained)}</b></p>`}
${heldBack.length > 0 ? `<p class="quiet">Held back until the faults are repaired: ${heldBack.map(escape).join(', ')}</p>` : ''}`;
}

/** What was found, and what was changed to price it. */
function evidenceOf(
  causes: readonly Cause[],
  examples: ReportContents['examples'],
  hidesNames: boolean,
): string {
  if (causes.length === 0) return '';
  const legend = examples.some(({ length }) => length > 0)
    ? '<p class="quiet">In the pictures labels are solid and predictions dashed.</p>'
    : '';
  const parts = causes.map(({ title, evidence, images, repair }, place) => {
    const shown = hidesNames ? withoutNames({ evidence, repair }) : { evidence, repair };
    const names =
      hidesNames || images.length === 0
        ? ''
        : `<p class="quiet">Shown by: ${images.map(escape).join(', ')}</p>`;
    return `<h3>${escape(title)}</h3><p>Found: <code>${escape(JSON.stringify(shown.evidence))}</code></p>
<p>Changed on a copy: ${shown.repair === null ? 'nothing' : `<code>${escape(JSON.stringify(shown.repair))}</code>`}</p>${(examples[place] ?? []).map((example) => pictureOf(example, hidesNames)).join('')}${names}`;
  });
  return `<h2>Evidence, and what was tried</h2>${legend}${parts.join('\n')}`;
}

/** The image with its boxes: each on a dark casing of the same dash, so that it is seen on every ground. */
function pictureOf({ name, picture, width, height, boxes }: Example, hidesNames: boolean): string {
  const scale = PICTURE / Math.max(width, height);
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  const line = (kind: string, { box: [x, y, w, h] }: Example['boxes'][number]): string =>
    `<rect class="${kind}" x="${fixed(x * scale)}" y="${fixed(y * scale)}" width="${fixed(w * scale)}" height="${fixed(h * scale)}"/>`;
  const drawn = boxes.map((one) => {
    const dash = one.isTruth ? '' : ' dashed';
    return line(`casing${dash}`, one) + line(`${one.isTruth ? 'label' : 'prediction'}${dash}`, one);
  });
  const caption = hidesNames ? '' : `<figcaption>${escape(name)}</figcaption>`;
  return `<figure><svg width="${wide}" height="${high}" role="img" aria-label="${hidesNames ? 'Example' : escape(name)}"><image width="${wide}" height="${high}" href="${picture}"/>${drawn.join('')}</svg>${caption}</figure>`;
}

/** What was done to the project, with what it did to the score. */
function stepsOf({ steps, olderSteps, hidesNames }: ReportContents): string {
  if (steps.length === 0) return '';
  const rows = steps.map(
    ({ time, label, before, after }) =>
      `<tr><td>${escape(time)}</td><td>${hidesNames ? escape(label.split(' ')[0]!) : escape(label)}</td><td class="n">${number(before)}</td><td class="n">${number(after)}</td><td class="n">${before === null || after === null ? '' : signed(after - before)}</td></tr>`,
  );
  const older = olderSteps > 0 ? `<p class="quiet">${olderSteps} older steps are not listed.</p>` : '';
  return `<h2>What was changed in the project</h2><table><tr><th>Time</th><th>Step</th><th class="n">Before</th><th class="n">After</th><th class="n"></th></tr>${rows.join('')}</table>${older}`;
}

const NAMING = new Set(['example', 'group', 'map']);

/** Members that may hold names of images. */
function withoutNames<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) =>
      NAMING.has(key) && JSON.stringify(member).includes('.') ? undefined : member,
    ),
  ) as T;
}

function scoresOf({ metrics, classes }: EvaluationResult, curves: readonly ClassCurve[]): string {
  const all = Object.entries(metrics).slice(0, 40);
  const rows = classes.map(
    ({ name, truth, predictions, AP }) =>
      `<tr><td>${escape(name ?? 'all')}</td><td class="n">${truth}</td><td class="n">${predictions}</td><td class="n">${number(AP)}</td></tr>`,
  );
  const names = new Map(classes.map(({ id, name }) => [id, name ?? 'all']));
  const figures = curves.slice(0, 24).map((curve) => figureOf(names.get(curve.id) ?? '', curve));
  return `<h2>Scores</h2><table>${all.map(([key, value]) => `<tr><td>${escape(key)}</td><td class="n">${number(value)}</td></tr>`).join('')}</table>
<h2>Classes</h2><table><tr><th>Class</th><th class="n">Truth</th><th class="n">Predictions</th><th class="n">AP</th></tr>${rows.join('')}</table>
<h2>Precision by recall</h2>${figures.join('')}`;
}

function figureOf(name: string, { recall, precision }: ClassCurve): string {
  const points = recall.map(
    (value, at) => `${(value * 150 + 5).toFixed(1)},${(105 - precision[at]! * 100).toFixed(1)}`,
  );
  return `<figure><svg width="160" height="110" role="img" aria-label="Precision by recall of ${escape(name)}"><rect x="5" y="5" width="150" height="100" fill="none" stroke="#dcdde1"/><polyline fill="none" stroke="#54565e" points="${points.join(' ')}"/></svg><figcaption>${escape(name)}</figcaption></figure>`;
}

function findingsOf({ findings, hidesNames }: ReportContents): string {
  if (findings.length === 0) return '';
  const rows = findings.map(
    ({ severity, message, count, where }) =>
      `<tr><td>${severity}</td><td>${escape(message)}${where.image && !hidesNames ? ` <span class="quiet">${escape(where.image)}</span>` : ''}</td><td class="n">${count}</td></tr>`,
  );
  return `<h2>Findings of reading</h2><table>${rows.join('')}</table>`;
}
