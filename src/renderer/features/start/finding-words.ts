/** Findings in words. */
import type { Finding, FindingPlace, Severity } from '../../../core/foundation/finding';

/** `BloodImage.xml, line 164, record 3, a.jpg`: the file by its name alone; empty where there is no place. */
export function placeWords({ file, line, record, byte, image }: FindingPlace): string {
  const name = file?.split(/[\\/]/).at(-1);
  return [
    name,
    line === undefined ? null : `line ${line}`,
    record === undefined ? null : `record ${record}`,
    byte === undefined ? null : `byte ${byte}`,
    image === name ? null : image,
  ]
    .filter(Boolean)
    .join(', ');
}

const WORDS: readonly (readonly [Severity, one: string, many: string])[] = [
  ['error', 'error', 'errors'],
  ['warning', 'warning', 'warnings'],
  ['info', 'note', 'notes'],
];

/** `1 error, 2 notes`. */
export function severityWords(findings: readonly Finding[]): string {
  return WORDS.flatMap(([severity, one, many]) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  }).join(', ');
}
