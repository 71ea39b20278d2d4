/**
 * A box from the four numbers of a file, and back, under any convention. Numbers are taken as other tools do, in doubles;
 * what doubles cannot say is written with more digits and read as the decimal that it is (`decimal.ts`), so that every box
 * comes back bit for bit.
 */
import type { Decimal } from '../decimal';
import { add, decimalOf, half, isLong, lengthBetween, parseDecimal, plainText } from '../decimal';
import type { ImageSize } from '../format';
import type { Box } from '../named-truth';
import type { Span } from '../shares';
import { centreSpan, longCorners, near, readCentre, readCorners, writeCentre } from '../shares';
import type { BoxConvention } from './box-convention';

export type FourTexts = readonly [string, string, string, string];
/** The numbers of one axis: where it starts, ends or has its middle, and the other corner or the length. */
type PairOfTexts = readonly [first: string, second: string];
type Pair = 'corners' | 'start' | 'centre';

/** Places of the first and second number across, then down. */
const ACROSS_FIRST = [0, 2, 1, 3] as const;
const DOWN_FIRST = [1, 3, 0, 2] as const;
const LAYOUTS: Readonly<
  Record<BoxConvention['layout'], { readonly pair: Pair; readonly places: readonly number[] }>
> = {
  xywh: { pair: 'start', places: ACROSS_FIRST },
  xyxy: { pair: 'corners', places: ACROSS_FIRST },
  cxcywh: { pair: 'centre', places: ACROSS_FIRST },
  yxyx: { pair: 'corners', places: DOWN_FIRST },
};

const numberOf = ({ digits, exponent }: Decimal): number => Number(`${digits}e${exponent}`);
const exactly = (value: number): Decimal => decimalOf(String(value))!;
const whole = (value: number): Decimal => ({ digits: BigInt(value), exponent: 0 });

const moreOf = ({ far }: BoxConvention): 0 | 1 => (far === 'inclusive' ? 1 : 0);

function readPixels(pair: Pair, [first, second]: PairOfTexts, convention: BoxConvention): Span {
  const { origin } = convention;
  const exact = isLong(first) ? decimalOf(first) : null;
  const length = pair === 'corners' ? lengthBetween(first, second, moreOf(convention)) : parseDecimal(second);
  const back = pair === 'centre' ? length / 2 : 0;
  if (!exact || !Number.isFinite(length)) return { start: parseDecimal(first) - back - origin, length };
  const start = add(exact, whole(origin), -1n);
  return { start: numberOf(pair === 'centre' ? add(start, half(exactly(length)), -1n) : start), length };
}

function writePixels(pair: Pair, span: Span, convention: BoxConvention): PairOfTexts {
  const { start, length } = span;
  const { origin } = convention;
  const isSpan = (texts: PairOfTexts): boolean => {
    const read = readPixels(pair, texts, convention);
    return read.start === start && read.length === length;
  };
  const more = moreOf(convention);
  const first = pair === 'centre' ? start + length / 2 + origin : start + origin;
  const second = pair === 'corners' ? start + origin + length - more : length;
  const plain = [String(first), String(second)] as const;
  if (isSpan(plain)) return plain;
  const from = add(exactly(start), whole(origin), 1n);
  const farCorner = plainText(add(add(from, exactly(length), 1n), whole(more), -1n));
  // A near corner that is right stays as people write it.
  const mixed = [plain[0], farCorner] as const;
  if (pair === 'corners') return isSpan(mixed) ? mixed : [plainText(from), farCorner];
  return [plainText(pair === 'centre' ? add(from, half(exactly(length)), 1n) : from), plain[1]];
}

function readShares(pair: Pair, [first, second]: PairOfTexts, size: number): Span {
  if (pair === 'centre') return readCentre(first, second, size);
  if (pair === 'start') {
    // A length is the far corner of a box from 0.
    const [from, length] = [readCorners('0', first, size), readCorners('0', second, size)];
    return { start: from.length, length: length.length };
  }
  if (isLong(first) || isLong(second)) return readCorners(first, second, size);
  return { start: parseDecimal(first) * size, length: lengthBetween(first, second) * size };
}

function writeShares(pair: Pair, { start, length }: Span, size: number): PairOfTexts {
  if (pair === 'centre') {
    const { centre, length: share } = writeCentre(start, length, size);
    return [centre, share];
  }
  const far = pair === 'corners' ? start + length : length;
  for (const low of near(start / size))
    for (const high of near(far / size)) {
      const texts = [String(low), String(high)] as const;
      const read = readShares(pair, texts, size);
      if (read.start === start && read.length === length) return texts;
    }
  if (pair === 'start') return [longCorners(0, start, size).high, longCorners(0, length, size).high];
  const { low, high } = longCorners(start, length, size);
  return [low, high];
}

/** Not finite where one is no number. `size`: of the image; only shares need it. */
export function boxOfTexts(texts: FourTexts, convention: BoxConvention, size: ImageSize): Box {
  if (!texts.some(isLong)) {
    const [a, b, c, d] = texts;
    const numbers = [parseDecimal(a), parseDecimal(b), parseDecimal(c), parseDecimal(d)] as const;
    return boxOfNumbers(...numbers, convention, size);
  }
  const { pair, places } = LAYOUTS[convention.layout];
  const [x1 = '', x2 = '', y1 = '', y2 = ''] = places.map((place) => texts[place]!);
  const read = (axis: PairOfTexts, length: number): Span =>
    convention.units === 'shares' ? readShares(pair, axis, length) : readPixels(pair, axis, convention);
  const [x, y] = [read([x1, x2], size.width), read([y1, y2], size.height)];
  return [x.start, y.start, x.length, y.length];
}

/** As `boxOfTexts`, of numbers that doubles say exactly as their texts do (`isLong` is false of each). */
export function boxOfNumbers(
  a: number,
  b: number,
  c: number,
  d: number,
  convention: BoxConvention,
  { width, height }: ImageSize,
): Box {
  const { pair, places } = LAYOUTS[convention.layout];
  const isDownFirst = places === DOWN_FIRST;
  const [left, top] = isDownFirst ? [b, a] : [a, b];
  const [right, bottom] = isDownFirst ? [d, c] : [c, d];
  const [across, down] =
    convention.units === 'shares'
      ? [spanOfShares(pair, left, right, width), spanOfShares(pair, top, bottom, height)]
      : [spanOfPixels(pair, left, right, convention), spanOfPixels(pair, top, bottom, convention)];
  return [across.start, down.start, across.length, down.length];
}

function spanOfPixels(pair: Pair, first: number, second: number, convention: BoxConvention): Span {
  const length = pair === 'corners' ? second - first + moreOf(convention) : second;
  return { start: first - (pair === 'centre' ? length / 2 : 0) - convention.origin, length };
}

function spanOfShares(pair: Pair, first: number, second: number, size: number): Span {
  if (pair === 'centre') return centreSpan(first, second, size);
  if (pair === 'start') return { start: first * size, length: second * size };
  return { start: first * size, length: (second - first) * size };
}

/** The texts that `boxOfTexts` reads as this box. */
export function textsOfBox(
  [x, y, width, height]: Box,
  convention: BoxConvention,
  size: ImageSize,
): FourTexts {
  const { pair, places } = LAYOUTS[convention.layout];
  const write = (span: Span, length: number): PairOfTexts =>
    convention.units === 'shares' ? writeShares(pair, span, length) : writePixels(pair, span, convention);
  const across = write({ start: x, length: width }, size.width);
  const down = write({ start: y, length: height }, size.height);
  const texts: [string, string, string, string] = ['', '', '', ''];
  [...across, ...down].forEach((text, at) => (texts[places[at]!] = text));
  return texts;
}
