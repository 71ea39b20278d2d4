/** Each cause of the report: what it costs, what was found, pictures of it, and what to do. */
import type { EvidenceTable } from '../../core/diagnosis/evidence-words';
import { evidenceInWords, withoutNames } from '../../core/diagnosis/evidence-words';
import type { ExampleBox } from '../../core/diagnosis/examples/example-view';
import { repairInWords } from '../../core/diagnosis/repair-words';
import type { ReportedCause } from './bill-html';
import { sure } from './bill-html';
import type { Example } from './examples';
import { escape, number, pixels, signed } from './html';

const MOST_NAMES = 12;
/** Longer side of a picture in units of its own; the page scales it. */
const PICTURE = 280;
/** Width of a letter on a plate. */
const LETTER = 6.1;
const PLATE = 15;
const LINE = 2.25;
const OTHER_LINE = 1;
/** Wider than the line. */
const CASING = 1.75;

export function causesHtml(
  causes: readonly ReportedCause[],
  examples: readonly (readonly Example[])[],
  hidesNames: boolean,
): string {
  if (causes.length === 0) return '';
  const legend = examples.some(({ length }) => length > 0)
    ? '<p class="quiet">In the pictures labels are green and solid, predictions orange and dashed; thin ones are others nearby.</p>'
    : '';
  const parts = causes.map((cause, place) => causeHtml(cause, examples[place] ?? [], hidesNames));
  return `<h2>Evidence</h2>${legend}${parts.join('\n')}`;
}

function causeHtml(cause: ReportedCause, examples: readonly Example[], hidesNames: boolean): string {
  const { title, code, evidence, images, repair, action, state } = cause;
  const { sentences, rows, tables } = evidenceInWords(hidesNames ? withoutNames(evidence) : evidence);
  const facts = rows.map(
    ({ name, value }) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`,
  );
  return `<section class="cause"><h3>${escape(title)}${state === 'open' ? '' : ` <span class="quiet">(${escape(state)})</span>`}<code class="quiet">${code}</code></h3>
${priceHtml(cause)}
${sentences.length > 0 ? `<p>${sentences.map(escape).join(' ')}</p>` : ''}
<div class="side">${facts.length > 0 ? `<table class="facts">${facts.join('')}</table>` : ''}${tables.map(tableHtml).join('')}</div>
${repair === null ? '' : `<p class="quiet">On the copy that was scored: ${escape(repairInWords(repair))}</p>`}
${examples.length > 0 ? `<div class="pictures">${examples.map((example) => pictureHtml(example, hidesNames)).join('')}</div>` : ''}
<p class="do"><b>What to do:</b> ${escape(action)}.</p>${hidesNames ? '' : namesHtml(images)}</section>`;
}

function priceHtml({ gain, gainInterval, scoreAfter, confidence }: ReportedCause): string {
  if (gain === null) return '';
  const ends = gainInterval
    ? ` <span class="quiet">(${signed(gainInterval[0])} to ${signed(gainInterval[1])}, 95 %)</span>`
    : '';
  return `<p>Repaired alone: <b>${signed(gain)}</b>${ends}, to ${escape(number(scoreAfter))}. ${sure(confidence)}</p>`;
}

function tableHtml({ name, columns, rows, left }: EvidenceTable): string {
  const head = columns.map((column) => `<th scope="col">${escape(column)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`);
  const more = left > 0 ? `<tr><td colspan="${columns.length}" class="quiet">and ${left} more</td></tr>` : '';
  return `<table class="facts"><caption>${escape(name)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('')}${more}</tbody></table>`;
}

function namesHtml(images: readonly string[]): string {
  if (images.length === 0) return '';
  const more = images.length > MOST_NAMES ? ` and others` : '';
  return `<p class="quiet small">Shown by: ${images.slice(0, MOST_NAMES).map(escape).join(', ')}${more}</p>`;
}

/** A part of an image with its boxes: each on a dark casing of the same dash, so that it is seen on every ground. */
function pictureHtml({ name, words, picture, view, focus, others }: Example, hidesNames: boolean): string {
  const [left, top, width, height] = view;
  const scale = PICTURE / Math.max(width, height);
  const [wide, high] = [width * scale, height * scale];
  // Of a whole image, thick lines and plates would hide what it shows.
  const isClose = focus.length <= 2;
  const place = ({ box: [x, y, w, h] }: ExampleBox): Placed => ({
    x: (x - left) * scale,
    y: (y - top) * scale,
    width: w * scale,
    height: h * scale,
  });
  const drawn = [
    `<g class="other">${others.map((one) => boxSvg(one, place(one), OTHER_LINE)).join('')}</g>`,
    ...focus.map((one) => boxSvg(one, place(one), isClose ? LINE : OTHER_LINE)),
  ];
  const plates = isClose ? focus.map((one) => plateSvg(one, place(one), [wide, high])) : [];
  const caption = `<figcaption>${escape(words)}${hidesNames ? '' : `<span>${escape(name)}</span>`}</figcaption>`;
  return `<figure><svg viewBox="0 0 ${pixels(wide)} ${pixels(high)}" role="img" aria-label="${escape(words)}"><image width="${pixels(wide)}" height="${pixels(high)}" preserveAspectRatio="none" href="${picture}"/>${drawn.join('')}${plates.join('')}</svg>${caption}</figure>`;
}

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function boxSvg({ isTruth }: ExampleBox, { x, y, width, height }: Placed, line: number): string {
  const at = `x="${pixels(x)}" y="${pixels(y)}" width="${pixels(width)}" height="${pixels(height)}"`;
  const dash = isTruth ? '' : ' dashed';
  return `<rect class="casing${dash}" ${at} stroke-width="${line + CASING}"/><rect class="${isTruth ? 'label' : 'prediction'}${dash}" ${at} stroke-width="${line}"/>`;
}

/** Class and confidence: of a label above its box, of a prediction below, within the picture. */
function plateSvg(
  { isTruth, category, score }: ExampleBox,
  { x, y, height }: Placed,
  [wide, high]: readonly [number, number],
): string {
  const words = isTruth ? `label ${category}` : `${category} ${score!.toFixed(2)}`;
  const width = words.length * LETTER + 8;
  const left = Math.max(0, Math.min(x - 1, wide - width));
  const wanted = isTruth ? y - PLATE - 2 : y + height + 2;
  const top = Math.max(0, Math.min(wanted, high - PLATE));
  return `<rect class="plate" x="${pixels(left)}" y="${pixels(top)}" width="${pixels(width)}" height="${PLATE}" rx="3"/><text x="${pixels(left + 4)}" y="${pixels(top + 11)}">${escape(words)}</text>`;
}
