/** Classes whose objects become each other's when the image is flipped, as their names tell. */

export type Flip = 'horizontal' | 'vertical';

const WORDS: Readonly<Record<Flip, readonly (readonly [string, string])[]>> = {
  horizontal: [
    ['left', 'right'],
    ['l', 'r'],
    ['west', 'east'],
    ['port', 'starboard'],
    ['b', 'd'],
    ['p', 'q'],
    ['j', 'l'],
    ['2', '5'],
    ['<', '>'],
    ['←', '→'],
  ],
  vertical: [
    ['up', 'down'],
    ['top', 'bottom'],
    ['upper', 'lower'],
    ['north', 'south'],
    ['u', 'd'],
    ['b', 'p'],
    ['d', 'q'],
    ['n', 'u'],
    ['m', 'w'],
    ['6', '9'],
    ['↑', '↓'],
  ],
};

/** `turnLeft`, `turn-left` and `left turn 2` as words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[\s_\-./:()]+/u)
    .filter(Boolean);
}

/** Whether the names are the same but for one word, and that one is the other's mirror image. */
export function areMirrored(a: string, b: string, flip: Flip): boolean {
  const first = wordsOf(a);
  const second = wordsOf(b);
  if (first.length !== second.length) return false;
  const apart = first.flatMap((word, at) => (word === second[at] ? [] : [at]));
  if (apart.length !== 1) return false;
  const [x, y] = [first[apart[0]!]!, second[apart[0]!]!];
  return WORDS[flip].some(([one, other]) => (x === one && y === other) || (x === other && y === one));
}
