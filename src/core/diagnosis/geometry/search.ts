/** Finds the change of coordinates, if any, under which predictions and truth agree much better than they do. */
import type { Progress } from '../../foundation/cancellation';
import { GROUPINGS, groupKeys } from '../image-groups';
import type { BoxChange, ImageGroup } from '../repair';
import type { Situation } from '../situation';
import { fixedAttempts, resizeAttempts, resizeIn, withResize } from './attempts';
import type { Attempt, Screened } from './overlap-screen';
import { FULL_SAMPLE, OverlapScreen } from './overlap-screen';

export interface FoundChange extends Attempt {
  /** Absent where all images are concerned. */
  readonly group?: ImageGroup;
  /** Ids of the truth's classes; absent where all are concerned. */
  readonly classes?: readonly number[];
  /** Mean best IoU of the sample's objects, and with the change. */
  readonly before: number;
  readonly after: number;
}

/** What a change has to win: mean best IoU of its images, and that in standard errors of the mean over images. */
const LEAST_GAIN = 0.05;
const LEAST_SIGNIFICANCE = 4;
/** A simpler change is taken where the more complicated one wins less than this. */
const PRICE_OF_CHANGE = 0.004;
const PRICE_OF_FIT = 0.001;
/** What the image files say of themselves comes before any other explanation. */
const PRICE_OF_EXIF = -0.02;
const PRICE_OF_TRUTH = 0.002;
const PRICE_OF_GROUP = 0.006;

/** A first glance, at few boxes, sorts out most sizes; the rest are looked at again. */
const GLANCE_SAMPLE = { images: 10, objects: 6 };
const GLANCES_KEPT = 150;
const POOR_SAMPLE = { images: 40, objects: 10 };
const RESIZES_KEPT = 6;
const REFINING_SAMPLE = { images: 60, objects: 8 };
/** Where even the worst images agree this well, no size is wrong. */
const GOOD_OVERLAP = 0.5;

interface Rated {
  readonly attempt: Attempt;
  readonly group: ImageGroup | undefined;
  readonly value: number;
  readonly after: number;
}

export function findChange(situation: Situation, progress: Progress): FoundChange | null {
  const screen = new OverlapScreen(situation);
  if (screen.images.length === 0) return null;
  const base = screen.measure({ side: 'predictions', changes: [] });
  const partitions = partitionsOf(situation, screen.images);
  const best = (attempts: readonly Attempt[], known: Rated | null): Rated | null => {
    let winner = known;
    for (const [at, one] of attempts.entries()) {
      progress.check();
      progress.report('Trying changes of coordinates', at, attempts.length);
      const screened = screen.measure(one);
      const rated = larger(rate(one, base, screened, partitions), rateFiles(one, base, screened, screen));
      winner = larger(winner, rated);
    }
    return winner;
  };
  const fixed = best(fixedAttempts(situation), null);
  const any = isExplained(fixed) ? fixed : best(bestResizes(situation, screen, base, progress), fixed);
  const winner = fixed && any && any.value < CLEARLY_MORE * fixed.value ? fixed : any;
  return winner && foundChange(situation, winner, meanOf(base.iou));
}

function foundChange(
  situation: Situation,
  { attempt, group: rated, after }: Rated,
  before: number,
): FoundChange {
  const group = rated?.by === 'file' ? filesOf(situation, attempt) : rated;
  return { ...attempt, ...(group ? { group } : {}), before, after };
}

/** Numbers that were fitted have to explain more than a change without any does. */
const CLEARLY_MORE = 1.05;

/** Agreement at which nothing is left to be found. */
const FULL_OVERLAP = 0.65;
const isExplained = (winner: Rated | null): boolean => winner !== null && winner.after >= FULL_OVERLAP;

interface Partition {
  readonly by: ImageGroup['by'] | null;
  /** By value: places in the sample. */
  readonly groups: ReadonlyMap<string, readonly number[]>;
}

/** Ways to cut the sample into groups of at least three images; the first is all of it. */
function partitionsOf(situation: Situation, images: Int32Array): Partition[] {
  const all: Partition = { by: null, groups: new Map([['', [...images.keys()]]]) };
  const cut = GROUPINGS.flatMap((by): Partition[] => {
    const keys = groupKeys(situation, by);
    const groups = new Map<string, number[]>();
    images.forEach((image, place) => {
      const key = keys[image]!;
      const own = groups.get(key);
      if (own) own.push(place);
      else groups.set(key, [place]);
    });
    const isUseful = groups.size > 1 && groups.size <= Math.max(2, images.length / 3);
    return isUseful ? [{ by, groups }] : [];
  });
  return [all, ...cut];
}

/** The best way to apply an attempt, to all images or to groups; null where it wins nowhere clearly. */
function rate(
  attempt: Attempt,
  base: Screened,
  screened: Screened,
  partitions: readonly Partition[],
): Rated | null {
  const differences = screened.iou.map((value, at) => value - base.iou[at]!);
  const complexity = complexityOf(attempt);
  let best: Rated | null = null;
  for (const { by, groups } of partitions) {
    const winners = [...groups].filter(([, places]) => wins(places, differences));
    if (winners.length === 0 || (by !== null && winners.length === groups.size)) continue;
    const gain =
      winners.reduce((sum, [, places]) => sum + sumOf(places, differences), 0) / differences.length;
    const places = winners.flatMap(([, own]) => own);
    const part = places.length / differences.length;
    const oddness = (sumOf(places, screened.oddness) - sumOf(places, base.oddness)) / differences.length;
    const value = gain - oddness - complexity * part - (by === null ? 0 : PRICE_OF_GROUP * part);
    if (value <= 0 || (best && value <= best.value)) continue;
    const group = by === null ? undefined : { by, values: winners.map(([key]) => key) };
    best = { attempt, group, value, after: meanOf(base.iou) + gain };
  }
  return best;
}

export function complexityOf(attempt: Attempt): number {
  if (attempt.changes.some(({ change }) => change === 'orientation')) return PRICE_OF_EXIF;
  const resize = resizeIn(attempt);
  return (
    attempt.changes.length * PRICE_OF_CHANGE +
    (attempt.other?.length ?? 0) * (PRICE_OF_CHANGE + PRICE_OF_TRUTH) +
    (attempt.side === 'truth' ? PRICE_OF_TRUTH : 0) +
    (resize && resize.fit !== 'factor' ? PRICE_OF_FIT : 0)
  );
}

const larger = (left: Rated | null, right: Rated | null): Rated | null =>
  left && right ? (right.value > left.value ? right : left) : (left ?? right);

/** An image that a change sets right by itself: with few objects that happens by chance. */
const FEWEST_OBJECTS = 3;
const BAD_OVERLAP = 0.4;
const RIGHT_OVERLAP = 0.55;
const LEAST_GAIN_OF_FILE = 0.25;
const FEWEST_FILES = 3;
const SHARE_OF_FILES = 0.02;
/** With those at least that many others go that win only something. */
const SLIGHT_GAIN = 0.08;
const PRICE_OF_FILES = 0.03;

/** How well boxes agree in images that are right, and in such as are not. */
interface Levels {
  readonly bad: number;
  readonly right: number;
  readonly gain: number;
}

const STRONG: Levels = { bad: BAD_OVERLAP, right: RIGHT_OVERLAP, gain: LEAST_GAIN_OF_FILE };
/** Of a weak model boxes agree less where all is right: parts of its own level, and more images have to show it. */
const OF_LEVEL: Levels = { bad: 0.6, right: 0.85, gain: 0.4 };
const FEWEST_OF_WEAK = 5;
const SHARE_OF_WEAK = 0.05;

/** Of the images' own level: each as it is, or as the change makes it where that agrees better. */
function levelsOf(before: Float64Array, after: Float64Array): Levels {
  const level = meanOf(before.map((value, at) => Math.max(value, after[at]!)));
  return {
    bad: Math.min(STRONG.bad, OF_LEVEL.bad * level),
    right: Math.min(STRONG.right, OF_LEVEL.right * level),
    gain: Math.min(STRONG.gain, OF_LEVEL.gain * level),
  };
}

/** Where the images concerned have nothing in common. */
function rateFiles(
  attempt: Attempt,
  base: Screened,
  { iou, oddness }: Screened,
  screen: OverlapScreen,
): Rated | null {
  const isRight = (at: number, { bad, right, gain }: Levels): boolean =>
    base.iou[at]! < bad && iou[at]! >= right && iou[at]! - base.iou[at]! >= gain;
  const levels = levelsOf(base.iou, iou);
  let right = 0;
  let likely = 0;
  let gain = 0;
  let odd = 0;
  let count = 0;
  for (let at = 0; at < iou.length; at++) {
    const isMany = screen.objects(at) >= FEWEST_OBJECTS;
    if (isMany && isRight(at, STRONG)) right++;
    if (isRight(at, isMany ? levels : { ...levels, bad: levels.bad / 2 })) likely++;
    if (iou[at]! - base.iou[at]! < SLIGHT_GAIN) continue;
    gain += iou[at]! - base.iou[at]!;
    odd += oddness[at]! - base.oddness[at]!;
    count++;
  }
  const isShown = right >= Math.max(FEWEST_FILES, SHARE_OF_FILES * iou.length) && right >= count / 3;
  const isLikely = likely >= Math.max(FEWEST_OF_WEAK, SHARE_OF_WEAK * iou.length) && likely >= count / 3;
  if (!isShown && !isLikely) return null;
  const all = iou.length;
  const value = (gain - odd - count * (PRICE_OF_FILES + complexityOf(attempt))) / all;
  return value > 0
    ? { attempt, group: { by: 'file', values: [] }, value, after: meanOf(base.iou) + gain / all }
    : null;
}

/** All images of the set that the change sets right, not only those of a sample. */
function filesOf(situation: Situation, attempt: Attempt): ImageGroup {
  const screen = new OverlapScreen(situation, { ...FULL_SAMPLE, images: Infinity });
  const before = screen.measure({ side: 'predictions', changes: [] }).iou;
  const { iou } = screen.measure(attempt);
  const chosen = [...screen.images].filter((_, at) => iou[at]! - before[at]! >= SLIGHT_GAIN);
  return { by: 'file', values: chosen.map((image) => situation.truth.images[image]!.fileName) };
}

/** Whether the images at these places gain clearly. */
export function wins(places: readonly number[], differences: Float64Array): boolean {
  const count = places.length;
  if (count === 0) return false;
  const average = sumOf(places, differences) / count;
  if (average < LEAST_GAIN) return false;
  const squares = places.reduce((sum, place) => sum + (differences[place]! - average) ** 2, 0);
  // With few images their spread is known badly: an image's own difference is taken to vary by a tenth at least.
  const deviation = Math.sqrt(Math.max(squares / Math.max(1, count - 1), 0.01));
  return average >= (LEAST_SIGNIFICANCE * deviation) / Math.sqrt(count);
}

const sumOf = (places: readonly number[], values: Float64Array): number =>
  places.reduce((sum, place) => sum + values[place]!, 0);

export const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Resizes are looked for where agreement is worst, and the most promising are made exact. */
function bestResizes(
  situation: Situation,
  full: OverlapScreen,
  base: Screened,
  progress: Progress,
): Attempt[] {
  const byOverlap = [...full.images.keys()].sort((a, b) => base.iou[a]! - base.iou[b]!);
  const bad = byOverlap.filter((at) => base.iou[at]! < BAD_OVERLAP);
  const poorest = (bad.length >= FEWEST_FILES ? bad : byOverlap).map((at) => full.images[at]!);
  const poor = new OverlapScreen(situation, POOR_SAMPLE, poorest.slice(0, POOR_SAMPLE.images));
  const glance = new OverlapScreen(situation, GLANCE_SAMPLE, poorest.slice(0, GLANCE_SAMPLE.images));
  if (worst(base, byOverlap) > GOOD_OVERLAP) return [];
  const attempts = resizeAttempts();
  const promising = mostPromising(glance, attempts, GLANCES_KEPT, progress);
  const likely = mostPromising(poor, promising, RESIZES_KEPT, progress);
  const screen = new OverlapScreen(situation, REFINING_SAMPLE, poorest.slice(0, REFINING_SAMPLE.images));
  return likely.map((attempt) => refine(attempt, [poor, screen]));
}

/** Mean of the worst fiftieth of the images, or of three. */
function worst({ iou }: Screened, byOverlap: readonly number[]): number {
  const count = Math.min(byOverlap.length, Math.max(3, Math.ceil(byOverlap.length / 50)));
  return byOverlap.slice(0, count).reduce((sum, at) => sum + iou[at]!, 0) / count;
}

/** Those that win most, if any wins clearly. */
function mostPromising(
  screen: OverlapScreen,
  attempts: readonly Attempt[],
  most: number,
  progress: Progress,
): readonly Attempt[] {
  const least = meanOf(screen.measure({ side: 'predictions', changes: [] }).iou) + LEAST_GAIN;
  const rated: { attempt: Attempt; value: number }[] = [];
  for (const [at, attempt] of attempts.entries()) {
    if (at % 256 === 0) {
      progress.check();
      progress.report('Trying sizes that images may have had', at, attempts.length);
    }
    const { iou, oddness } = screen.measure(attempt);
    const value = meanOf(iou) - meanOf(oddness) - complexityOf(attempt);
    if (value > least) rated.push({ attempt, value });
  }
  rated.sort((a, b) => b.value - a.value);
  return rated.slice(0, most).map(({ attempt }) => attempt);
}
type Resize = Extract<BoxChange, { change: 'undo-resize' }>;

/** Makes the free numbers of a resize exact: first by ever smaller steps, then by the roundest numbers near the best. */
function refine(attempt: Attempt, screens: readonly OverlapScreen[]): Attempt {
  let resize = resizeIn(attempt)!;
  for (const screen of screens) {
    const rate = (one: Resize): number => meanOf(screen.measure(withResize(attempt, one)).iou);
    let value = rate(resize);
    for (let step = 0.03; step > 0.0006; step /= 2) {
      for (const next of neighbours(resize, step)) {
        const rated = rate(next);
        if (rated > value) {
          value = rated;
          resize = next;
        }
      }
    }
    resize =
      usual(resize).find((one) => rate(one) > value - AS_GOOD_AND_USUAL) ??
      rounder(resize).find((one) => rate(one) > value - AS_GOOD) ??
      resize;
  }
  return withResize(attempt, resize);
}

function neighbours(resize: Resize, step: number): Resize[] {
  const { fit, width, height, factor } = resize;
  const up = 1 + step;
  if (fit === 'factor') return [factor * up, factor / up].map((one) => ({ ...resize, factor: one }));
  const both = [up, 1 / up].map((by) => ({ ...resize, width: width * by, height: height * by }));
  if (fit !== 'stretch') return both;
  return [
    ...both,
    ...[up, 1 / up].flatMap((by) => [
      { ...resize, width: width * by },
      { ...resize, height: height * by },
    ]),
  ];
}

/** What a rounder number may agree less: more where it is one that is in use, so that a pixel's shift does not hide it. */
const AS_GOOD = 0.001;
const AS_GOOD_AND_USUAL = 0.012;
const USUAL_SIZES = [1333, 300, 800, 600, 224, 416, 608, 513, 1000];
const USUAL_STEP = 32;
const USUAL_PARTS = 4;

/** Numbers near those of a resize that networks and tools are set to. */
function usual(resize: Resize): Resize[] {
  if (resize.fit === 'factor') return nearFactors(resize, [1, 2, USUAL_PARTS]);
  const nearest = (value: number): number =>
    USUAL_SIZES.find((size) => isNear(size, value)) ?? Math.round(value / USUAL_STEP) * USUAL_STEP;
  const [width, height] = [nearest(resize.width), nearest(resize.height)];
  return isNear(width, resize.width) && isNear(height, resize.height) ? [{ ...resize, width, height }] : [];
}

const isNear = (value: number, of: number): boolean => value > 0 && Math.abs(value / of - 1) < NEAR;

function nearFactors(resize: Resize, parts: readonly number[]): Resize[] {
  return parts.flatMap((part) => {
    const candidates = [Math.round(resize.factor * part) / part, part / Math.round(part / resize.factor)];
    return candidates
      .filter((factor) => Number.isFinite(factor) && isNear(factor, resize.factor))
      .map((factor) => ({ ...resize, factor }));
  });
}

const ROUNDINGS = [100, 64, 32, 50, 16, 10, 8, 4, 2, 1] as const;
const NEAR = 0.012;

/** Numbers near those of a resize, the roundest first. */
function rounder(resize: Resize): Resize[] {
  if (resize.fit === 'factor') return nearFactors(resize, [1, 2, 3, 4, 5, 6, 8, 10, 16, 20, 32, 64, 100]);
  return ROUNDINGS.flatMap((unit) => {
    const width = Math.round(resize.width / unit) * unit;
    const height = Math.round(resize.height / unit) * unit;
    return isNear(width, resize.width) && isNear(height, resize.height) ? [{ ...resize, width, height }] : [];
  });
}
