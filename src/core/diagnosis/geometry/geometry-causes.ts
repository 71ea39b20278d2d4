/** From a change of coordinates that was found to the causes that it stands for: one a change. */
import type { AnnotationColumns } from '../../dataset/dataset';
import type { FoundCause } from '../cause';
import { groupMask } from '../image-groups';
import type { BoxChange, Repair } from '../repair';
import type { Situation } from '../situation';
import { frameOf } from '../situation';
import { inverseOf, resizeOf } from './change-boxes';
import type { Side } from './overlap-screen';
import type { FoundChange } from './search';

export function geometryCauses(situation: Situation, found: FoundChange): FoundCause[] {
  const { side, changes, other = [], group, classes, before, after } = found;
  const part = { ...(group ? { group } : {}), ...(classes ? { classes } : {}) };
  const names = classes?.map((id) => situation.truth.categories.find((one) => one.id === id)!.name);
  const mask = groupMask(situation, group);
  const images = concerned(situation, mask, classes);
  const otherSide: Side = side === 'truth' ? 'predictions' : 'truth';
  const all = [
    ...changes.map((change) => ({ change, side })),
    ...other.map((change) => ({ change, side: otherSide })),
  ];
  return all.map(({ change, side: own }): FoundCause => {
    const kind = own === 'truth' ? 'transform-truth' : 'transform-predictions';
    const repair: Repair = { kind, ...change, ...part };
    const { evidence, ...described } = describe(situation, change, own, mask);
    return {
      ...described,
      images,
      repair,
      title: names ? `${described.title}, of ${namesInWords(names)} only` : described.title,
      evidence: {
        ...evidence,
        side: own,
        ...(group ? { group } : {}),
        ...(names ? { classes: names } : {}),
        overlap: before,
        overlapAfter: after,
      },
    };
  });
}

const MOST_NAMES = 3;

const namesInWords = (names: readonly string[]): string =>
  names.length > MOST_NAMES ? `${names.length} classes` : names.map((name) => `“${name}”`).join(', ');

function concerned(
  { truth, predictions }: Situation,
  mask: Uint8Array,
  classes: readonly number[] | undefined,
): number[] {
  const isOwn = (category: number): boolean =>
    !classes || (category >= 0 && classes.includes(truth.categories[category]!.id));
  const imagesOf = ({ image, category }: Pick<AnnotationColumns, 'image' | 'category'>): Set<number> =>
    new Set(image.filter((_, row) => isOwn(category[row]!)));
  const annotated = imagesOf(truth.annotations);
  const predicted = imagesOf(predictions);
  return [...truth.images.keys()].filter(
    (image) => mask[image] && annotated.has(image) && predicted.has(image),
  );
}

type Description = Pick<FoundCause, 'code' | 'title' | 'evidence' | 'action'>;

const WHO: Readonly<Record<Side, string>> = { predictions: 'Predictions', truth: 'Ground truth boxes' };

const TURN_WORDS = {
  'swap-xy': 'have x and y swapped',
  'flip-x': 'are mirrored left to right',
  'flip-y': 'are mirrored top to bottom',
  'rotate-90': 'are turned by 90° clockwise',
  'rotate-180': 'are turned by 180°',
  'rotate-270': 'are turned by 270° clockwise',
  'swap-xy-rotate-180': 'have x and y swapped and are turned by 180°',
} as const;

function describe(situation: Situation, change: BoxChange, side: Side, mask: Uint8Array): Description {
  const who = WHO[side];
  switch (change.change) {
    case 'turn': {
      const transform = inverseOf(change.transform);
      return {
        code: transform === 'swap-xy' ? 'axes-swapped' : 'coordinates-flipped',
        title: `${who} ${TURN_WORDS[transform]}`,
        evidence: { transform, relative: change.relative },
        action:
          'Write coordinates with x to the right and y downwards, from the upper left corner of the stored image',
      };
    }
    case 'format':
      return {
        code: 'box-format',
        title: `${who} are ${change.from}, read as ${change.to}`,
        evidence: { from: change.from, to: change.to },
        action: `Convert boxes from ${change.from} to ${change.to} when they are written`,
      };
    case 'to-pixels':
      return {
        code: 'coordinates-normalised',
        title: `${who} are in parts of the image, not in pixels`,
        evidence: {
          range: change.range,
          scale: typicalScale(situation, mask, ([width, height]) => [
            change.range / width,
            change.range / height,
          ]),
        },
        action: 'Multiply x and width by the image’s width, y and height by its height',
      };
    case 'orientation':
      return {
        code: 'exif-orientation',
        title: `${who} are of the ${change.to === 'stored' ? 'turned' : 'stored'} image where EXIF turns it`,
        evidence: {
          frame: change.to === 'stored' ? 'upright' : 'stored',
          orientations: orientationsOf(situation),
        },
        action: 'Turn the pixels and drop the tag, or read both sides with the tag obeyed',
      };
    case 'shift':
      return {
        code: 'coordinates-off-by-one',
        title: `${who} are off by ${describeShift(change.by)}`,
        evidence: {
          offset: numberOrPair([-change.by[0], -change.by[1]]),
          size: numberOrPair([-change.by[2], -change.by[3]]),
          scale: 1,
        },
        action: 'Count pixels from 0, and widths as the difference of edges',
      };
    case 'undo-resize':
      return describeResize(situation, change, side, mask);
  }
}

function describeShift([x, y, width, height]: readonly [number, number, number, number]): string {
  const position = x !== 0 || y !== 0 ? `${-x}, ${-y} px in position` : '';
  const size = width !== 0 || height !== 0 ? `${-width}, ${-height} px in size` : '';
  return [position, size].filter(Boolean).join(' and ');
}

/** A pair that is equal is one number. */
export const numberOrPair = ([x, y]: readonly [number, number]): number | readonly [number, number] =>
  Math.abs(x - y) <= 1e-6 * Math.max(1, Math.abs(x)) ? x : [x, y];

/** Of the image in the middle of the concerned ones' sizes; positive zero throughout. */
function typicalScale(
  situation: Situation,
  mask: Uint8Array,
  of: (size: readonly [number, number]) => readonly [number, number],
): number | readonly [number, number] | null {
  const frames = [...mask.keys()].flatMap((image) => (mask[image] ? (frameOf(situation, image) ?? []) : []));
  frames.sort((a, b) => a.width * a.height - b.width * b.height);
  const typical = frames[Math.floor(frames.length / 2)];
  return typical ? numberOrPair(of([typical.width, typical.height])) : null;
}

function describeResize(
  situation: Situation,
  change: Extract<BoxChange, { change: 'undo-resize' }>,
  side: Side,
  mask: Uint8Array,
): Description {
  const { fit, width, height } = change;
  const placed = (size: readonly [number, number]) => resizeOf(change, { width: size[0], height: size[1] })!;
  const scale =
    fit === 'factor'
      ? change.factor
      : typicalScale(situation, mask, (size) => [placed(size).x, placed(size).y]);
  const offset =
    fit === 'letterbox' ? typicalScale(situation, mask, (size) => [placed(size).left, placed(size).top]) : 0;
  const isLetterbox = fit === 'letterbox';
  const size =
    fit === 'factor'
      ? `scaled by ${short(change.factor)}`
      : fit === 'stretch'
        ? `resized to ${short(width)} × ${short(height)}`
        : isLetterbox || fit === 'letterbox-corner'
          ? `letterboxed to ${short(width)} × ${short(height)}`
          : `resized to ${short(width)} at the ${fit === 'longest-side' ? 'longest' : 'shortest'} side`;
  return {
    code: isLetterbox ? 'coordinates-letterboxed' : 'coordinates-scaled',
    title: `${WHO[side]} are in pixels of an image ${size}`,
    evidence: { scale, offset, fit, ...(fit === 'factor' ? {} : { size: [width, height] }) },
    action: 'Map boxes back to the original image before they are written',
  };
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

function orientationsOf({ facts }: Situation): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of facts ?? []) {
    if (one && one.orientation !== 1) counts[one.orientation] = (counts[one.orientation] ?? 0) + 1;
  }
  return counts;
}
