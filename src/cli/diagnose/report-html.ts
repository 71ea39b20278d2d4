/** The report: one HTML file that needs nothing besides itself, to read, print and pass on. */
import type { Cause } from '../../core/diagnosis/cause';
import type { ClassCurve, EvaluationResult } from '../../core/metrics/evaluation';
import type { DiagnosisDocument } from './document';

export interface ReportContents {
  readonly document: DiagnosisDocument;
  /** Null where there is nothing to score. */
  readonly scored: { readonly result: EvaluationResult; readonly curves: readonly ClassCurve[] } | null;
  /** File names of images are left out: the report can be shown to others. */
  readonly hidesNames: boolean;
  /** ISO time. */
  readonly madeAt: string;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign]!);

const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(3);
const signed = (value: number | null): string =>
  value === null ? '–' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;color:#1d1e22;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .5rem;border-bottom:1px solid #dcdde1;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.quiet{color:#5b5d66}.score{font-size:2rem;font-variant-numeric:tabular-nums}.bar{fill:#54565e}.estimated{fill:none;stroke:#54565e}
code{font-size:.9em}figure{display:inline-block;margin:.5rem 1rem .5rem 0}figcaption{font-size:.85rem}`;

export function reportHtml({ document, scored, hidesNames, madeAt }: ReportContents): string {
  const [key, value] = Object.entries(document.score ?? {}).find(([name]) => name !== 'protocol') ?? [
    '',
    null,
  ];
  const head = document.score
    ? `<p><span class="score">${number(value as number | null)}</span> <span class="quiet">${escape(key)} · ${escape(String(document.score['protocol']))}</span></p>`
    : '<p class="quiet">Nothing was scored.</p>';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Why is the score low?</title><style>${STYLE}</style></head><body>
<h1>Why is the score low?</h1>
${head}
<p class="quiet">Reticle ${escape(document.reticle)}, ${escape(madeAt)}</p>
${billOf(document)}
${document.reconciled ? `<h2>Reported numbers</h2>${(document.reconciled.all ?? [document.reconciled]).map(({ sentence }) => `<p>${escape(sentence)}</p>`).join('')}` : ''}
${evidenceOf(document.causes, hidesNames)}
${scored ? scoresOf(scored.result, scored.curves) : ''}
${findingsOf(document, hidesNames)}
</body></html>
`;
}

function billOf({ causes, heldBack, scoreAfterAll }: DiagnosisDocument): string {
  if (causes.length === 0) return '<h2>Causes</h2><p>No cause was found.</p>';
  const most = Math.max(0.001, ...causes.map(({ share }) => Math.abs(share ?? 0)));
  const rows = causes.map(
    ({
      title,
      code,
      share,
      gain,
      gainInterval,
      confidence,
      action,
    }) => `<tr><td><b>${escape(title)}</b><br><span class="quiet">${escape(action)}. <code>${code}</code></span></td>
<td><svg width="120" height="14" role="img" aria-label="${signed(share)}"><rect class="${confidence === 'estimated' ? 'estimated' : 'bar'}" x="1" y="2" height="10" width="${((118 * Math.abs(share ?? 0)) / most).toFixed(1)}"/></svg></td>
<td class="n">${signed(share)}</td><td class="n">${signed(gain)}${gainInterval ? `<br><span class="quiet">${number(gainInterval[0])} to ${number(gainInterval[1])}</span>` : ''}</td><td>${confidence ?? 'no price'}</td></tr>`,
  );
  return `<h2>Causes</h2><table><tr><th>Cause</th><th>Share</th><th class="n"></th><th class="n">Alone</th><th>Price is</th></tr>${rows.join('\n')}</table>
<p>With everything repaired that can be scored again: <b>${number(scoreAfterAll)}</b></p>
${heldBack.length > 0 ? `<p class="quiet">Held back until the faults are repaired: ${heldBack.map(escape).join(', ')}</p>` : ''}`;
}

/** What was found, and what was changed to price it. */
function evidenceOf(causes: readonly Cause[], hidesNames: boolean): string {
  if (causes.length === 0) return '';
  const parts = causes.map(({ title, evidence, images, repair }) => {
    const shown = hidesNames ? withoutNames({ evidence, repair }) : { evidence, repair };
    const names =
      hidesNames || images.length === 0
        ? ''
        : `<p class="quiet">Shown by: ${images.map(escape).join(', ')}</p>`;
    return `<h3>${escape(title)}</h3><p>Found: <code>${escape(JSON.stringify(shown.evidence))}</code></p>
<p>Changed on a copy: ${shown.repair === null ? 'nothing' : `<code>${escape(JSON.stringify(shown.repair))}</code>`}</p>${names}`;
  });
  return `<h2>Evidence, and what was changed</h2>${parts.join('\n')}`;
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

function findingsOf({ findings }: DiagnosisDocument, hidesNames: boolean): string {
  if (findings.length === 0) return '';
  const rows = findings.map(
    ({ severity, message, count, where }) =>
      `<tr><td>${severity}</td><td>${escape(message)}${where.image && !hidesNames ? ` <span class="quiet">${escape(where.image)}</span>` : ''}</td><td class="n">${count}</td></tr>`,
  );
  return `<h2>Findings of reading</h2><table>${rows.join('')}</table>`;
}
