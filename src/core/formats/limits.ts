/** What no dataset reaches, and what files that claim it are refused for. Limits on bytes are those of the sources. */
import { BadInput } from '../foundation/bad-input';

/** Characters of a name: as many as the longest path that Linux opens. */
export const LONGEST_NAME = 4096;
/** Values of one column: 134 million boxes, 4 GB of them. */
export const MOST_VALUES = 1 << 29;
/** Levels of JSON and YAML within one another. */
export const DEEPEST_VALUES = 200;

/** Throws `BadInput` where a name is none. */
export function checkName(name: string): void {
  if (name.length <= LONGEST_NAME) return;
  throw new BadInput(
    'name-too-long',
    `A name has ${name.length} characters, more than ${LONGEST_NAME}: “${name.slice(0, 60)}…”.`,
    'Check that the file is whole, and what it names.',
  );
}

/** Throws `BadInput` where a column would hold more values than any dataset has. */
export function checkGrowth(length: number, most: number): void {
  if (length <= most) return;
  throw new BadInput(
    'too-many-records',
    'The file holds more records than any dataset has.',
    'Check that it is the right file, or split it.',
  );
}

/**
 * Throws `BadInput` where text of JSON or of YAML's brackets is nested deeper than any dataset is: what comes after
 * reading it goes down level by level too.
 */
export function checkDepth(text: string, deepest: number, fail: (message: string) => never): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = endOfString(text, at);
    } else if (code === 91 || code === 123) {
      if (++depth > deepest) fail(`The file is nested more than ${deepest} levels deep.`);
    } else if (code === 93 || code === 125) depth--;
  }
}

/** Place of the quote that ends the string, or of the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text[at - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}
