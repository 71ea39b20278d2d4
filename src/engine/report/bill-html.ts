/** The bill of the report: a waterfall as on the Causes page, and what the types of error cost. */
import { scaleLinear } from 'd3-scale';
import type { ScaleLinear } from 'd3-scale';
import type { Cause, Confidence } from '../../core/diagnosis/cause';
import type { ErrorPrices } from '../../core/diagnosis/error-prices';
import { dearestErrors } from '../../core/diagnosis/error-prices';
import type { Bill, BillBar } from '../../core/diagnosis/waterfall';
import { TIDE_BAR_NAMES } from '../../core/metrics/tide/tide-errors';
import { escape, number, pixels, signed } from './html';

/** A cause with its words as the report shows them, and what somebody said of it. */
export type ReportedCause = Cause & { readonly state: string };

const AXIS = 260;
const MARGIN = 14;
const TICKS = 5;
const ERROR_BAR = 220;
/** Points of mAP50. */
const SHORTEST_ERROR_AXIS = 1;
const SURE: Readonly<Record<NonNullable<Confidence>, string>> = {
  exact: 'Exact',
  measured: 'Measured',
  estimated: 'Estimated',
};

type Scale = ScaleLinear<number, number>;

export function billHtml(bill: Bill<ReportedCause>, { metric, unexplained, heldBack }: BillNotes): string {
  const x = scaleLinear(bill.domain, [MARGIN, AXIS - MARGIN]);
  const rows = bill.priced.map(
    ({ cause, bar, share }) =>
      `<tr><th scope="row"><b>${escape(cause.title)}</b><br><span class="quiet small">${escape(cause.action)}</span></th>
<td class="axis">${barSvg(x, bar, cause)}</td><td class="n"><b>${signed(share)}</b><br><span class="quiet small">alone ${signed(cause.gain)}</span></td><td>${sure(cause.confidence)}</td></tr>`,
  );
  const unpriced = bill.unpriced.map(
    ({ cause }) =>
      `<tr><th scope="row"><b>${escape(cause.title)}</b><br><span class="quiet small">${escape(cause.action)}</span></th><td class="axis"></td><td class="n quiet">no price</td><td></td></tr>`,
  );
  return `<table class="bill"><thead><tr><th>Cause, largest share first</th><th class="axis">${axisSvg(x)}</th><th class="n">Share of ${escape(metric)}</th><th>Price is</th></tr></thead><tbody>
<tr class="total"><th scope="row">Score now</th><td class="axis">${totalSvg(x, bill.now)}</td><td></td><td></td></tr>
${rows.join('\n')}
${rows.length > 0 ? `<tr class="total"><th scope="row">After all repairs</th><td class="axis">${totalSvg(x, bill.after)}</td><td class="n"><b>${signed(bill.after - bill.now)}</b></td><td></td></tr>` : ''}
${unpriced.join('\n')}</tbody></table>
${unexplained === null ? '' : `<p>Unexplained, up to the score on the training images: <b>${escape(number(unexplained))}</b></p>`}
${heldBack.length > 0 ? `<p class="quiet">${heldBack.length} more may be at work, but the numbers under them are false until what stands above is repaired: ${heldBack.map((code) => escape(code.replaceAll('-', ' '))).join(', ')}.</p>` : ''}
${settledHtml(bill.settled)}${RULED}`;
}

export interface BillNotes {
  readonly metric: string;
  readonly unexplained: number | null;
  readonly heldBack: readonly string[];
}

function settledHtml(settled: readonly ReportedCause[]): string {
  if (settled.length === 0) return '';
  const items = settled.map(
    ({ title, state }) => `<li>${escape(title)} <span class="quiet">(${escape(state)})</span></li>`,
  );
  return `<p>Repaired and accepted:</p><ul>${items.join('')}</ul>`;
}

/** Lines for what was measured; the rectangle of a row refers to them. */
const RULED =
  '<svg width="0" height="0" aria-hidden="true"><defs><pattern id="ruled" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="4" class="rule"/></pattern></defs></svg>';

export function sure(confidence: Confidence): string {
  if (confidence === null) return '';
  return `<span class="sure"><svg width="14" height="10" aria-hidden="true"><rect x=".5" y=".5" width="13" height="9" rx="2" class="price ${confidence}"/></svg>${SURE[confidence]}</span>`;
}

const lines = (x: Scale): string =>
  x
    .ticks(TICKS)
    .map((tick) => `<line class="grid" x1="${pixels(x(tick))}" x2="${pixels(x(tick))}" y1="0" y2="100%"/>`)
    .join('');

function axisSvg(x: Scale): string {
  const format = x.tickFormat(TICKS);
  const labels = x
    .ticks(TICKS)
    .map((tick) => `<text x="${pixels(x(tick))}" y="12" text-anchor="middle">${format(tick)}</text>`);
  return `<svg width="${AXIS}" height="16" aria-hidden="true">${labels.join('')}</svg>`;
}

function totalSvg(x: Scale, at: number): string {
  const isRight = x(at) > AXIS - 60;
  return `<svg width="${AXIS}" role="img" aria-label="${escape(number(at))}">${lines(x)}<rect class="tick" x="${pixels(x(at) - 1)}" y="50%" width="2" height="20" transform="translate(0 -10)"/><text x="${pixels(x(at) + (isRight ? -8 : 8))}" y="50%" dy=".35em" text-anchor="${isRight ? 'end' : 'start'}">${escape(number(at))}</text></svg>`;
}

/** As high as its row, so that bars join from row to row. */
function barSvg(x: Scale, bar: BillBar, { confidence }: Pick<Cause, 'confidence'>): string {
  const [left, right] = [Math.min(x(bar.from), x(bar.to)), Math.max(x(bar.from), x(bar.to))];
  const join = (at: number, from: string, to: string): string =>
    `<line class="join" x1="${pixels(x(at))}" x2="${pixels(x(at))}" y1="${from}" y2="${to}"/>`;
  return `<svg width="${AXIS}" role="img" aria-label="${escape(`from ${number(bar.from)} to ${number(bar.to)}`)}">${lines(x)}${join(bar.from, '0', '50%')}${join(bar.to, '50%', '100%')}<rect class="price ${confidence ?? 'exact'}" x="${pixels(left)}" y="50%" width="${pixels(Math.max(2, right - left))}" height="16" transform="translate(0 -8)"/></svg>`;
}

/** What the errors of each type cost, the dearest first. */
export function errorTypesHtml(prices: ErrorPrices): string {
  const types = dearestErrors(prices);
  const most = Math.max(SHORTEST_ERROR_AXIS, ...types.map(({ price }) => price ?? 0));
  const rows = types.map(
    ({ type, price }) =>
      `<tr><th scope="row">${TIDE_BAR_NAMES[type]}</th><td><svg width="${ERROR_BAR}" height="10" aria-hidden="true"><rect class="bar" height="10" width="${pixels((ERROR_BAR * Math.max(0, price ?? 0)) / most)}"/></svg></td><td class="n">${escape(number(price, 2))}</td></tr>`,
  );
  return `<h2>By type of error</h2><p class="quiet">What mAP50 would gain with all errors of a type mended (TIDE, points from 0 to 100), with bookkeeping repaired. They overlap, so they do not add up.</p><table class="facts">${rows.join('')}</table>`;
}
