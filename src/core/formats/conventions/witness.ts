/** What the numbers of a file say of its convention. A few numbers decide; where none does, what most files are is taken. */
import { parseDecimal } from '../decimal';
import type { Box } from '../named-truth';
import type { BoxConvention, ConventionPart } from './box-convention';
import type { ConventionEvidence, ConventionReading } from './convention';
import { CONVENTION_VALUES } from './box-convention';
import { FORMAT_CONVENTIONS, OFFICIAL_CORNERS } from './convention';
import type { ConventionChoice } from './box-convention';
import type { PredictionsFormat, TruthFormat } from '../../dataset/dataset';

type Name = TruthFormat | PredictionsFormat;
type Told = { readonly how: 'found' | 'assumed'; readonly why: string };
export type ToldParts = { readonly [P in ConventionPart]?: Told | undefined };

const BY_SIZE = 'The size that the labels declare tells, image by image, where EXIF turns a picture.';
const NOTHING_TELLS: Readonly<Record<ConventionPart, string>> = {
  layout: 'Nothing speaks against the order that the format’s tools write.',
  units: 'Nothing speaks against the unit that the format’s tools write.',
  origin: 'No number tells; most tools count edges from 0.',
  far: 'No number tells; most tools write the edge of the box.',
  pixels: BY_SIZE,
};

/** The reading of a file: what the user decided, what was found, and what was assumed. */
export function conventionReading(
  name: Name,
  convention: BoxConvention,
  choice: ConventionChoice,
  told: ToldParts = {},
  suggested: ConventionReading['suggested'] = null,
): ConventionReading {
  const { open } = FORMAT_CONVENTIONS[name];
  const decided = (Object.keys(CONVENTION_VALUES) as ConventionPart[]).filter(
    (part) => open.includes(part) || choice[part] !== undefined,
  );
  const evidence = decided.map((part) => ({
    part,
    value: convention[part],
    ...(choice[part] !== undefined
      ? { how: 'given', why: 'It was chosen so.' }
      : (told[part] ?? { how: 'assumed', why: NOTHING_TELLS[part] })),
  })) as readonly ConventionEvidence[];
  const isTaken =
    suggested === null ||
    Object.keys(suggested.choice).some((part) => choice[part as ConventionPart] !== undefined);
  return { convention, evidence, suggested: isTaken ? null : suggested };
}

interface Conclusion {
  readonly told: ToldParts;
  readonly suggested: ConventionReading['suggested'];
}

/** Watches corners in pixels, as they stand in the file. */
export class CornerWitness {
  #belowOne = 0;
  #atZero = false;
  #atOne = false;
  #beyond = 0;
  readonly #ends = { rightAtSize: false, belowAtSize: false, rightBefore: false, belowBefore: false };

  /** A corner box with what was taken off its near corner and added to its length given back. */
  see([x, y, w, h]: Box, { origin, far }: BoxConvention, width: number | null, height: number | null): void {
    const more = far === 'inclusive' ? 1 : 0;
    const [left, top] = [x + origin, y + origin];
    const [right, bottom] = [left + w - more, top + h - more];
    if (left < 1 || top < 1) this.#belowOne++;
    this.#atZero ||= (left >= 0 && left < 1) || (top >= 0 && top < 1);
    this.#atOne ||= left === 1 || top === 1;
    if (width === null || height === null) return;
    if (right > width || bottom > height) this.#beyond++;
    this.#ends.rightAtSize ||= right === width;
    this.#ends.belowAtSize ||= bottom === height;
    this.#ends.rightBefore ||= right === width - 1;
    this.#ends.belowBefore ||= bottom === height - 1;
  }

  /** No box starts before 1, some do there, and some end at their image's right and lower edge, none beyond. */
  get looksOfficial(): boolean {
    const { rightAtSize, belowAtSize } = this.#ends;
    return this.#belowOne === 0 && this.#beyond === 0 && this.#atOne && rightAtSize && belowAtSize;
  }

  conclude(): Conclusion {
    const { rightAtSize, belowAtSize, rightBefore, belowBefore } = this.#ends;
    const origin: Told | undefined = this.#atZero
      ? { how: 'found', why: 'Boxes start at 0, which no pixel counted from 1 is called.' }
      : undefined;
    if (this.looksOfficial)
      return {
        told: {},
        suggested: {
          choice: OFFICIAL_CORNERS,
          why: 'Boxes start at 1 and end at the last pixel of their image, none before and none beyond, as in the official VOC sets.',
        },
      };
    if (origin && (rightAtSize || belowAtSize))
      return {
        told: {
          origin,
          far: { how: 'found', why: 'Boxes start at 0 and end at the size of their image: an edge.' },
        },
        suggested: null,
      };
    const endsBefore = rightBefore && belowBefore && !rightAtSize && !belowAtSize && this.#beyond === 0;
    return {
      told: origin ? { origin } : {},
      suggested:
        origin && endsBefore
          ? {
              choice: { far: 'inclusive' },
              why: 'Boxes start at 0 and end one before the size of their image, never at it: the last pixel may belong to the box.',
            }
          : null,
    };
  }
}

/** A number above this is no share of an image. */
const LARGEST_SHARE = 1.5;
const SLACK = 0.01;

/** Watches four numbers of which the format says that they are `cx cy w h` in shares. */
export class SharesWitness {
  #lines = 0;
  #large = 0;
  #centred = 0;
  #corners = 0;

  see(texts: readonly string[]): void {
    this.seeNumbers(...(texts.map(parseDecimal) as [number, number, number, number]));
  }

  seeNumbers(a: number, b: number, c: number, d: number): void {
    this.#lines++;
    if (Math.max(a, b, c, d) > LARGEST_SHARE) {
      this.#large++;
      if (c > a && d > b) this.#corners++;
      return;
    }
    const fits = (middle: number, length: number): boolean =>
      middle - length / 2 > -SLACK && middle + length / 2 < 1 + SLACK;
    if (fits(a, c) && fits(b, d)) this.#centred++;
    if (c > a && d > b) this.#corners++;
  }

  conclude(): Conclusion {
    const [lines, large, corners] = [this.#lines, this.#large, this.#corners];
    if (lines === 0) return { told: {}, suggested: null };
    if (large > lines * 0.5)
      return {
        told: {},
        suggested: {
          choice: corners === lines ? { units: 'pixels', layout: 'xyxy' } : { units: 'pixels' },
          why: `${large} of ${lines} lines hold numbers above ${LARGEST_SHARE}: they look like pixels${corners === lines ? ', two corners each' : ''}.`,
        },
      };
    const units: Told | undefined =
      large === 0 ? { how: 'found', why: 'No number is larger than a share of an image can be.' } : undefined;
    if (corners === lines && this.#centred < lines * 0.9)
      return {
        told: { units },
        suggested: {
          choice: { layout: 'xyxy' },
          why: `About their centres ${lines - this.#centred} of ${lines} boxes reach outside their images; as two corners all of them fit.`,
        },
      };
    const layout: Told | undefined =
      this.#centred === lines && corners < lines
        ? {
            how: 'found',
            why: 'About their centres all boxes lie within their images; as two corners they do not.',
          }
        : undefined;
    return { told: { units, layout }, suggested: null };
  }
}
