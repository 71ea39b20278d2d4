/** The report: one HTML file that needs nothing besides itself, to read, print and pass on. */
import type { Cause } from '../../core/diagnosis/cause';
import type { ErrorPrices } from '../../core/diagnosis/error-prices';
import { withoutNamesOf } from '../../core/diagnosis/evidence-words';
import type { Reconciled } from '../../core/diagnosis/reconcile/reconcile';
import { answerOf, billOf } from '../../core/diagnosis/waterfall';
import type { Finding } from '../../core/foundation/finding';
import type { ClassCurve, EvaluationResult } from '../../core/metrics/evaluation';
import type { ReportedCause } from './bill-html';
import { billHtml, errorTypesHtml } from './bill-html';
import { causesHtml } from './causes-html';
import type { Example } from './examples';
import { count, escape, moment, number, signed } from './html';
import { scoresHtml } from './scores-html';
import { STYLE } from './style';

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
  /** Of what was looked at; null where there was neither. */
  readonly counts: { readonly images: number; readonly labels: number; readonly predictions: number } | null;
  readonly causes: readonly Cause[];
  /** By place in `causes`: what somebody said of it (`accepted`, `repaired`); absent where it is open. */
  readonly settled: ReadonlyMap<number, string>;
  readonly heldBack: readonly string[];
  readonly scoreAfterAll: number | null;
  /** Up to the score on the training images; null where that is not known. */
  readonly unexplained: number | null;
  /** On TIDE's scale of 0 to 100; null where there is nothing to score. */
  readonly errorTypes: ErrorPrices | null;
  readonly reconciled: readonly Reconciled[];
  readonly findings: readonly Finding[];
  readonly scored: { readonly result: EvaluationResult; readonly curves: readonly ClassCurve[] } | null;
  /** By place in `causes`. */
  readonly examples: readonly (readonly Example[])[];
  /** What was done to the project, newest first; empty where there is none. */
  readonly steps: readonly ReportedStep[];
  /** Steps that are not listed. */
  readonly olderSteps: number;
  /** Names of images, files and runs are left out: the report can be shown to others. */
  readonly hidesNames: boolean;
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  coco: 'COCO, AP@[.50:.95]',
  voc2007: 'Pascal VOC 2007',
  voc2012: 'Pascal VOC 2012',
  lvis: 'LVIS',
  tide: 'TIDE',
};

export function reportHtml(contents: ReportContents): string {
  const { score, reconciled, scored, examples, errorTypes, hidesNames } = contents;
  const causes = causesOf(contents);
  const bill = billOf(causes, score?.value ?? null, contents.scoreAfterAll);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Why is the score low?</title><style>${STYLE}</style></head><body>
<header><div><h1>Why is the score low?</h1><p class="answer">${escape(answerOf(bill, contents.heldBack.length, true, errorTypes))}</p></div>
${score ? `<div class="score"><b>${escape(number(score.value))}</b><span class="quiet">${escape(score.key)}</span></div>` : '<p class="quiet">Nothing was scored.</p>'}</header>
${aboutHtml(contents)}
<h2>Causes</h2>
${causes.length === 0 ? '<p>No cause was found.</p>' : billHtml(bill, { ...contents, metric: score?.key ?? 'the score' })}
${reconciled.length > 0 ? `<h2>Reported numbers</h2>${reconciled.map(({ sentence }) => `<p>${escape(sentence)}</p>`).join('')}` : ''}
${errorTypes ? errorTypesHtml(errorTypes) : ''}
${causesHtml(causes, examples, hidesNames)}
${scored ? scoresHtml(scored.result, scored.curves) : ''}
${stepsHtml(contents)}
${findingsHtml(contents)}
<footer>A price is what the score gains when a cause alone is repaired. <b>Exact</b>: the repair was made on a copy, which was scored again. <b>Measured</b>: the model ran again. <b>Estimated</b>: a bound. The share of a cause is its part in what all repairs gain together.</footer>
</body></html>
`;
}

function causesOf({ causes, settled, hidesNames }: ReportContents): ReportedCause[] {
  return causes.map((cause, place) => {
    const words = (text: string): string => (hidesNames ? withoutNamesOf(cause.evidence, text) : text);
    return {
      ...cause,
      title: words(cause.title),
      action: words(cause.action).replace(/\.$/, ''),
      state: settled.get(place) ?? 'open',
    };
  });
}

function aboutHtml({ run, hidesNames, score, counts, version, madeAt }: ReportContents): string {
  const parts = [
    run === null || hidesNames ? null : `Run ${run}`,
    score && (PROTOCOL_NAMES[score.protocol] ?? score.protocol),
    counts &&
      `${count(counts.images)} images, ${count(counts.labels)} labels, ${count(counts.predictions)} predictions`,
    moment(madeAt),
    `Reticle ${version}`,
  ];
  return `<div class="about">${parts.flatMap((part) => (part ? [`<span>${escape(part)}</span>`] : [])).join('')}</div>`;
}

/** What was done to the project, with what it did to the score. */
function stepsHtml({ steps, olderSteps, hidesNames }: ReportContents): string {
  if (steps.length === 0) return '';
  const rows = steps.map(
    ({ time, label, before, after }) =>
      `<tr><td class="quiet">${escape(moment(time))}</td><td>${hidesNames ? escape(label.split(' ')[0]!) : escape(label)}</td><td class="n">${escape(number(before))}</td><td class="n">${escape(number(after))}</td><td class="n">${before === null || after === null ? '' : signed(after - before)}</td></tr>`,
  );
  const older = olderSteps > 0 ? `<p class="quiet">${olderSteps} older steps are not listed.</p>` : '';
  return `<h2>What was changed in the project</h2><table><thead><tr><th>Time</th><th>Step</th><th class="n">Before</th><th class="n">After</th><th class="n"></th></tr></thead><tbody>${rows.join('')}</tbody></table>${older}`;
}

function findingsHtml({ findings, hidesNames }: ReportContents): string {
  if (findings.length === 0) return '';
  const rows = findings.map(
    ({ severity, message, count: times, where }) =>
      `<tr><td>${severity}</td><td>${escape(message)}${where.image && !hidesNames ? ` <span class="quiet">${escape(where.image)}</span>` : ''}</td><td class="n">${count(times)}</td></tr>`,
  );
  return `<h2>Findings of reading</h2><table><tbody>${rows.join('')}</tbody></table>`;
}
