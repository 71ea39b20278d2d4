/** Files beside those that were read, of no format that is known: what was cut off must not be missed in silence. */
import { BadInput } from '../../core/foundation/bad-input';
import type { Finding } from '../../core/foundation/finding';
import { FindingCollector } from '../../core/foundation/finding';
import { headOf } from '../../core/formats/head';
import type { Source } from '../../core/formats/source';
import { decodeText } from '../../core/formats/text';

/** JSON larger than this (bytes) is not parsed only to tell whether it ends. */
const LARGEST_LOOKED_INTO = 16 << 20;

/** Whether a file is no whole of any kind: empty, or JSON or XML that does not end. */
async function isBroken(source: Source, path: string): Promise<boolean> {
  const { text, isWhole } = await headOf(source, path);
  const start = text.trimStart();
  if (start === '') return isWhole;
  if (start.startsWith('<')) return isWhole && !text.trimEnd().endsWith('>');
  if (!/^[[{]/.test(start)) return false;
  const head = await source.head(path, LARGEST_LOOKED_INTO);
  if (head.length >= LARGEST_LOOKED_INTO) return false;
  try {
    JSON.parse(decodeText(head).text);
    return false;
  } catch {
    return true;
  }
}

/** What is to be said of such files. Throws `BadInput` where the reading is strict and one was cut off. */
export async function remarkPassedOver(
  source: Source,
  paths: readonly string[],
  strict: boolean,
): Promise<Finding[]> {
  const findings = new FindingCollector();
  for (const path of paths) {
    const where = { file: source.nameOf(path) };
    if (!(await isBroken(source, path))) {
      findings.add(
        'file-passed-over',
        'info',
        'Files beside those that were read are of no format that is known here; they are not read.',
        where,
      );
      continue;
    }
    const message =
      'A file is empty, was cut off or is garbled, and its neighbours are labels: it was left out.';
    if (strict)
      throw new BadInput(
        'file-broken',
        message,
        'Get it again, or read without --strict to leave it out.',
        where,
      );
    findings.add('file-broken', 'error', message, where);
  }
  return findings.list();
}
