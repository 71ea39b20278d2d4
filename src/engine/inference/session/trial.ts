/** A card compared with the processor over the first images of a run: which is faster, and whether both find the same. */
import type { Detections, ModelOutputs } from '../../../core/inference/model';
import type { InputTensor, ModelSession } from '../engines/session';

export interface Candidate {
  readonly session: ModelSession;
  readonly inputs: readonly InputTensor[];
  /** In the inputs. */
  readonly images: number;
  /** Of the first of the images. */
  readonly detections: (outputs: ModelOutputs) => Detections;
}

/** The best of so many, after a first run that prepares the engine. */
const TIMED_RUNS = 3;
/** A processor that takes longer for its first image is not kept busy with more; milliseconds. */
const LONG = 1000;
/** A card that takes so many times as long as the processor is not tried again: some are software. */
const HOPELESS = 2;

interface Timed {
  /** An image. */
  readonly milliseconds: number;
  readonly detections: Detections;
}

/** `enough`: milliseconds an image from which on no further run is made, after the first and after a later one. */
async function time(
  { session, inputs, images, detections }: Candidate,
  enough: { readonly first: number; readonly later: number },
): Promise<Timed> {
  const once = async () => {
    const start = performance.now();
    const outputs = await session.run(inputs);
    return { milliseconds: (performance.now() - start) / images, outputs };
  };
  const { milliseconds: first, outputs } = await once();
  const found = detections(outputs);
  if (first > enough.first) return { milliseconds: first, detections: found };
  let best = Infinity;
  for (let run = 0; run < TIMED_RUNS; run++) {
    const { milliseconds } = await once();
    best = Math.min(best, milliseconds);
    if (milliseconds > enough.later) break;
  }
  return { milliseconds: best, detections: found };
}

/** Boxes below are noise, which small differences of rounding put in and out. */
const SHOWN_SCORE = 0.05;
const SCORE_TOLERANCE = 0.02;
/** Of the image's longer side. */
const PLACE_TOLERANCE = 0.01;
/** Close scores change places at the end of the list. */
const LEAST_SHARE = 0.9;

function hasBox(of: Detections, other: Detections, row: number, tolerance: number): boolean {
  for (let at = 0; at < of.count; at++) {
    if (of.classIndex[at] !== other.classIndex[row]) continue;
    if (Math.abs(of.score[at]! - other.score[row]!) > SCORE_TOLERANCE) continue;
    const isNear = [0, 1, 2, 3].every(
      (side) => Math.abs(of.box[at * 4 + side]! - other.box[row * 4 + side]!) <= tolerance,
    );
    if (isNear) return true;
  }
  return false;
}

/** Whether nearly every shown box of each is one of the other's. `side`: of the image, in pixels. */
export function findTheSame(a: Detections, b: Detections, side: number): boolean {
  const isCovered = (of: Detections, by: Detections): boolean => {
    let shown = 0;
    let found = 0;
    for (let row = 0; row < of.count; row++) {
      if (of.score[row]! < SHOWN_SCORE) continue;
      shown += 1;
      if (hasBox(by, of, row, side * PLACE_TOLERANCE)) found += 1;
    }
    return found >= shown * LEAST_SHARE;
  };
  return isCovered(a, b) && isCovered(b, a);
}

const inWords = (milliseconds: number): string =>
  `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms an image`;

/**
 * Why the processor is to be taken instead of the card, as the end of a sentence; null where the card serves. Where their
 * boxes differ the processor's are right. `side`: the longer one of the first image, in pixels.
 */
export async function whyProcessor(
  card: Candidate,
  processor: Candidate,
  side: number,
): Promise<string | null> {
  const own = await time(processor, { first: LONG, later: Infinity });
  const there = await time(card, { first: Infinity, later: own.milliseconds * HOPELESS });
  const { device } = processor.session;
  if (!findTheSame(there.detections, own.detections, side))
    return `other boxes in the first image than on the ${device}`;
  if (own.milliseconds >= there.milliseconds) return null;
  return `${inWords(there.milliseconds)}, ${inWords(own.milliseconds)} on the ${device}`;
}
