/** The bill of causes as a table for people. */
import type { Cause } from '../../core/diagnosis/cause';
import type { ErrorPrices } from '../../core/diagnosis/error-prices';
import { dearestErrors } from '../../core/diagnosis/error-prices';
import type { PartialDiagnosis } from '../../core/diagnosis/partial-diagnosis';
import type { DiagnosisDocument } from './document';

const three = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

function signed(value: number | null): string {
  if (value === null) return 'no price';
  if (Math.abs(value) < 0.0005) return '< 0.001';
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

/** What was known when somebody cancelled: rows that may still have been dropped or priced otherwise. */
export function partialText({ causes, pending }: PartialDiagnosis): string {
  const rest =
    pending.length === 1 ? pending[0]! : `${pending.slice(0, -1).join(', ')} and ${pending.at(-1)!}`;
  const lines = [`Cancelled. What was known is not whole: ${rest} were still to come.`];
  lines.push(...(causes.length === 0 ? ['No cause was found so far.'] : causes.map(row)));
  return `${lines.join('\n')}\n`;
}

/** A cause as it is found, in one line. */
export const foundLine = ({ code, title, gain }: Cause): string =>
  `So far: ${title} [${code}] ${signed(gain)}`;

export function diagnosisText({
  score,
  causes,
  heldBack,
  scoreAfterAll,
  unexplained,
  errorTypes,
  reconciled,
}: DiagnosisDocument): string {
  const lines: string[] = [];
  if (score) {
    const [key, value] = Object.entries(score).find(([name]) => name !== 'protocol') ?? ['score', null];
    lines.push(
      `Why is the score low?  ${key} ${three(value as number | null)}  (${String(score['protocol'])})`,
      '',
    );
  }
  if (causes.length === 0) lines.push('No cause was found.');
  else lines.push(`${'share'.padStart(9)} ${'alone'.padStart(9)}  price      cause`);
  for (const cause of causes) lines.push(row(cause));
  const repaired = causes.filter(({ confidence }) => confidence === 'exact');
  if (repaired.length > 0)
    lines.push('', `With ${repaired.length === 1 ? 'it' : 'all of them'} repaired: ${three(scoreAfterAll)}`);
  if (unexplained !== null)
    lines.push(`Unexplained, up to the score on the training images: ${three(unexplained)}`);
  if (errorTypes !== null) lines.push('', errorsLine(errorTypes));
  if (heldBack.length > 0) lines.push('', `Held back until that is repaired: ${heldBack.join(', ')}`);
  if (reconciled) lines.push('', ...(reconciled.all ?? [reconciled]).map(({ sentence }) => sentence));
  return `${lines.join('\n')}\n`;
}

/** The six types, the dearest first. */
function errorsLine(errors: ErrorPrices): string {
  const shown = dearestErrors(errors).map(
    ({ type, price }) => `${type} ${price === null ? '–' : price.toFixed(2)}`,
  );
  return `By type of error (TIDE, points of mAP50 from 0 to 100): ${shown.join(', ')}`;
}

function row({ code, title, gain, share, confidence, action }: Cause): string {
  const prices =
    gain === null
      ? `${'–'.padStart(9)} ${'–'.padStart(9)}`
      : `${signed(share).padStart(9)} ${signed(gain).padStart(9)}`;
  return `${prices}  ${(confidence ?? 'no price').padEnd(9)}  ${title} [${code}]\n${' '.repeat(32)}${action.replace(/\.$/, '')}.`;
}
