/** Changes of coordinates worth trying: alone, and in the pairs that tools make. */
import type { BoxChange, Fit, Transform } from '../repair';
import { BOX_FORMATS, TRANSFORMS } from '../repair';
import type { Situation } from '../situation';
import { exchangesAxes } from './change-boxes';
import type { Attempt, Side } from './overlap-screen';

const turn = (transform: Transform, relative: boolean): BoxChange => ({
  change: 'turn',
  transform,
  relative,
});

/** Those that exchange the axes also with sides that kept their lengths, as tools that work in parts of the sides do. */
const TURNS: readonly BoxChange[] = TRANSFORMS.flatMap((transform) =>
  exchangesAxes(transform) ? [turn(transform, false), turn(transform, true)] : [turn(transform, false)],
);

const FORMATS: readonly BoxChange[] = BOX_FORMATS.filter((from) => from !== 'xywh').map((from) => ({
  change: 'format',
  from,
  to: 'xywh',
}));

const NOTHING: readonly (readonly BoxChange[])[] = [[]];
const each = (changes: readonly BoxChange[]): readonly (readonly BoxChange[])[] =>
  changes.map((one) => [one]);

/** Every one of the first before every one of the second. */
function combine(...lists: readonly (readonly (readonly BoxChange[])[])[]): (readonly BoxChange[])[] {
  return lists.reduce<(readonly BoxChange[])[]>(
    (combined, list) => combined.flatMap((first) => list.map((second) => [...first, ...second])),
    [[]],
  );
}

const SIDES: readonly Side[] = ['predictions', 'truth'];

/** Shares of boxes whose every number is at most 2, and of those between that and 1000. */
function magnitudes(box: Float64Array): { readonly parts: number; readonly thousandths: number } {
  let parts = 0;
  let thousandths = 0;
  for (let offset = 0; offset < box.length; offset += 4) {
    const largest = Math.max(
      Math.abs(box[offset]!),
      Math.abs(box[offset + 1]!),
      Math.abs(box[offset + 2]!),
      Math.abs(box[offset + 3]!),
    );
    if (largest <= 2) parts++;
    else if (largest <= 1000) thousandths++;
  }
  const count = Math.max(1, box.length / 4);
  return { parts: parts / count, thousandths: thousandths / count };
}

/** Share of boxes that has to look like parts of their images before that is tried. */
const LEAST_PARTS = 0.01;

/** Everything that has no free number in it. */
export function fixedAttempts(situation: Situation): Attempt[] {
  const sizes = {
    predictions: magnitudes(situation.predictions.box),
    truth: magnitudes(situation.truth.annotations.box),
  };
  const formats = [...NOTHING, ...each(FORMATS)];
  const turns = [...NOTHING, ...each(TURNS)];
  const isTurned = situation.facts?.some((facts) => facts !== null && facts.orientation !== 1) ?? false;
  const alone = SIDES.flatMap((side) => {
    const ranges: BoxChange[] = [];
    if (sizes[side].parts >= LEAST_PARTS) ranges.push({ change: 'to-pixels', range: 1 });
    if (sizes[side].thousandths >= 0.9) ranges.push({ change: 'to-pixels', range: 1000 });
    const lists = combine(formats, [...NOTHING, ...each(ranges)], turns);
    if (isTurned)
      lists.push([{ change: 'orientation', to: 'stored' }], [{ change: 'orientation', to: 'upright' }]);
    return lists.filter((changes) => changes.length > 0).map((changes) => ({ side, changes }));
  });
  const single = alone.filter(({ changes }) => changes.length === 1);
  return [...alone, ...bothSides(single)];
}

/** One change of the predictions and one of the truth. */
function bothSides(single: readonly Attempt[]): Attempt[] {
  const ofTruth = single.filter(({ side }) => side === 'truth');
  return single
    .filter(({ side }) => side === 'predictions')
    .flatMap((attempt) => ofTruth.map(({ changes }) => ({ ...attempt, other: changes })));
}

const FITS: readonly Exclude<Fit, 'factor'>[] = [
  'stretch',
  'letterbox',
  'letterbox-corner',
  'longest-side',
  'shortest-side',
];

/** Heights for widths that networks are fed with. */
const RATIOS = [9 / 16, 3 / 5, 3 / 4, 4 / 3, 5 / 3, 16 / 9] as const;

type Resize = Extract<BoxChange, { change: 'undo-resize' }>;

/** Sizes that rise by this factor: a step off the right one still overlaps well. */
const GRID_STEP = 1.06;

const factorChange = (factor: number): Resize => ({
  change: 'undo-resize',
  fit: 'factor',
  width: 0,
  height: 0,
  factor,
});
const sizeChange = (fit: Fit, size: number): Resize => ({
  change: 'undo-resize',
  fit,
  width: size,
  height: size,
  factor: 1,
});

const PLAIN_FACTORS = [1 / 4, 1 / 3, 1 / 2, 2, 3, 4] as const;

/** The sizes that need no search. */
export const plainFactors: readonly Attempt[] = SIDES.flatMap((side) =>
  PLAIN_FACTORS.map((factor): Attempt => ({ side, changes: [factorChange(factor)] })),
);

/** Coordinates of resized images: of all sizes, in all ways of fitting, also in another format or turned. */
export function resizeAttempts(): Attempt[] {
  const resizes: BoxChange[] = [];
  for (let factor = 1 / 12; factor < 12; factor *= GRID_STEP) resizes.push(factorChange(factor));
  for (let size = 64; size < 4200; size *= GRID_STEP)
    for (const fit of FITS) resizes.push(sizeChange(fit, size));
  const oblong: BoxChange[] = [];
  for (let width = 64; width < 4200; width *= GRID_STEP)
    for (const ratio of RATIOS) oblong.push({ ...sizeChange('stretch', width), height: width * ratio });
  const formats = [...NOTHING, ...each(FORMATS)];
  const all = [...resizes, ...oblong];
  const alone = SIDES.flatMap((side) =>
    [...combine(formats, each(all)), ...combine(each(all), each(TURNS))].map((changes) => ({
      side,
      changes,
    })),
  );
  const others = [...FORMATS, ...TURNS].filter((change) => !('relative' in change && change.relative));
  const both = SIDES.flatMap((side) =>
    all.flatMap((resize) => others.map((other): Attempt => ({ side, changes: [resize], other: [other] }))),
  );
  return [...alone, ...both];
}

const isResize = (change: BoxChange): change is Resize => change.change === 'undo-resize';

export const resizeIn = ({ changes }: Attempt): Resize | undefined => changes.find(isResize);

export function withResize(attempt: Attempt, resize: Resize): Attempt {
  return { ...attempt, changes: attempt.changes.map((change) => (isResize(change) ? resize : change)) };
}
