/** What the names of numbers mean: those that tools print, and those that people give them. */
import type { Protocol } from '../../metrics/evaluation';

type Size = 'small' | 'medium' | 'large';

export interface Meaning {
  readonly kind: 'precision' | 'recall';
  /** The IoU that counts as found, or the mean over 0.5 to 0.95; null where the name does not tell. */
  readonly iou: 'mean' | '50' | '75' | null;
  readonly size: Size | null;
  /** On detections an image; null where the name does not tell. */
  readonly limit: number | null;
  /** Null: the mean over classes. */
  readonly className: string | null;
}

/** The key of one class's number among those of an evaluation. */
export const classKey = (metric: string, className: string): string => `${metric} of ${className}`;

const SIZES: readonly (readonly [Size, RegExp])[] = [
  ['small', /small|^m?a[pr]_?s(@|$)/],
  ['medium', /medium|^m?a[pr]_?m(@|$)/],
  ['large', /large|^m?a[pr]_?l(@|$)/],
];

/** `classNames`: those of the truth; the longest that the key names is its class. */
export function meaningOf(key: string, classNames: readonly string[]): Meaning {
  const named = classNames
    .filter((name) => /\p{L}/u.test(name) && isNamedIn(key, name))
    .sort((a, b) => b.length - a.length)[0];
  const rest = (named === undefined ? key : withoutName(key, named)).toLowerCase();
  const plain = rest.replace(/detectionboxes_|metrics\/|val[/_]|bbox_|\s/g, '');
  const isRecall = /(?<!at)recall|(^|[^a-z])m?ar([^a-z]|[sml](@|$)|small|medium|large|$)/.test(plain);
  const size = SIZES.find(([, pattern]) => pattern.test(plain))?.[0] ?? null;
  if (isRecall) {
    const limit = /@?(\d+)/.exec(plain.replace(/0?\.\d+(:0?\.\d+)*/g, ''));
    return {
      kind: 'recall',
      iou: null,
      size,
      limit: limit ? Number(limit[1]) : null,
      className: named ?? null,
    };
  }
  return { kind: 'precision', iou: iouOf(plain), size, limit: null, className: named ?? null };
}

function iouOf(plain: string): Meaning['iou'] {
  if (/95/.test(plain)) return 'mean';
  if (/75/.test(plain)) return '75';
  return /50|\.5/.test(plain) ? '50' : null;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** As words of its own, whatever the case. */
const nameIn = (name: string): RegExp =>
  new RegExp(`(^|[^\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, 'iu');
const isNamedIn = (key: string, name: string): boolean => nameIn(name).test(key);
const withoutName = (key: string, name: string): string => key.replace(nameIn(name), '$1');

/** Precision or recall, and no other number that a tool prints beside them. */
export const isScore = (key: string): boolean =>
  /(^|[^a-z])m?A[PR]([^a-z]|[sml](@|$)|small|medium|large|$)/.test(key) && !key.includes('CorLoc');

/** Protocols whose numbers are at one IoU where their names do not tell another. */
const AT_HALF: ReadonlySet<Protocol> = new Set([
  'voc2007',
  'voc2012',
  'tf-pascal',
  'tf-weighted-pascal',
  'open-images-v2',
  'open-images-challenge',
  'tide',
]);

/** What a number of a protocol means, by its own key. */
export function ownMeaning(key: string, protocol: Protocol, classNames: readonly string[]): Meaning {
  const meaning = meaningOf(key, classNames);
  const iou = meaning.iou ?? (AT_HALF.has(protocol) ? '50' : 'mean');
  return meaning.kind === 'recall' ? meaning : { ...meaning, iou };
}

/** A name such as AP, that tells nothing but the kind. */
export const isBare = ({ iou, size, limit, className }: Meaning): boolean =>
  iou === null && size === null && limit === null && className === null;

/** From here on a number is not what its name says. */
export const ANOTHER = 3;

/**
 * How far a number lies from what a name asks for: 0 where it is that, more where the name leaves it open, and from
 * `ANOTHER` on where the name would be a mistake or says nothing. Null where the name says that it is something else.
 */
export function distanceOf(asked: Meaning, own: Meaning): number | null {
  if (asked.kind !== own.kind && !isBare(asked)) return null;
  if (asked.size !== null && asked.size !== own.size) return null;
  if (asked.limit !== null && asked.limit !== own.limit) return null;
  if (asked.className !== null && asked.className !== own.className) return null;
  let distance = 0;
  if (asked.iou !== null && asked.iou !== own.iou) distance = ANOTHER;
  else if (asked.iou === null) distance = own.iou === '75' ? 2 : own.iou === '50' ? 1 : 0;
  if (asked.size !== own.size) distance += ANOTHER;
  if (asked.className !== own.className) distance += ANOTHER + 1;
  if (asked.kind !== own.kind) distance += ANOTHER + 2;
  return distance;
}
