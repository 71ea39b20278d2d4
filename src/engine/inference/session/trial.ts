/** A card compared with the processor over the first images of a run: which is faster, and whether both find the same. */
import { decodeRun, settlePlan } from '../../../core/inference/decode';
import type {
  DetectionLimits,
  Detections,
  ModelOutputs,
  ModelPlan,
  Placement,
} from '../../../core/inference/model';
import { engineWords } from '../engines/engine-words';
import type { Rival } from '../engines/open';
import type { InputTensor, ModelSession } from '../engines/session';

/** What two engines are compared over. */
export interface Trial {
  readonly plan: ModelPlan;
  /** As `SessionRequest.isSettled`. */
  readonly isSettled: boolean;
  readonly limits: DetectionLimits;
  /** Of the first image. */
  readonly placement: Placement;
  /** The first images as the card gets them. */
  readonly batch: { readonly inputs: readonly InputTensor[]; readonly images: number };
  /** The first image alone, for the processor. */
  readonly one: readonly InputTensor[];
}

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
/** A card that takes so many times as long as the processor, twice, is not tried again: some are software. */
const HOPELESS = 2;

interface Timed {
  /** An image. */
  readonly milliseconds: number;
  readonly detections: Detections;
}

/** `enough`: milliseconds an image from which on no further run is made, after the first and after two later ones. */
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
    if (run > 0 && best > enough.later) break;
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

/** The end of a sentence; null where the card is as fast. Milliseconds an image, `apart` of the processor. */
export function whySlower(card: number, apart: number, device: string): string | null {
  return apart >= card ? null : `${inWords(card)}, ${inWords(apart)} on the ${device}`;
}

/** What the card says of its own failure, as the end of a sentence. */
const failure = (error: unknown): string => `it fails there: ${engineWords(error).replace(/\.$/, '')}`;

/**
 * Why the processor is to be taken instead of the card, as the end of a sentence; null where the card serves. Where their
 * boxes differ the processor's are right. `side`: the longer one of the first image, in pixels. Throws what the processor
 * throws.
 */
export async function whyProcessor(
  card: Candidate,
  processor: Candidate,
  side: number,
): Promise<string | null> {
  const { device, sessions } = processor.session;
  const own = await time(processor, { first: LONG, later: Infinity });
  const apart = own.milliseconds / sessions;
  let there: Timed;
  try {
    there = await time(card, { first: Infinity, later: apart * HOPELESS });
  } catch (error) {
    return failure(error);
  }
  if (!findTheSame(there.detections, own.detections, side))
    return `other boxes in the first image than on the ${device}`;
  return whySlower(there.milliseconds, apart, device);
}

/**
 * The processor's session and what is said of it, where it is the better one; null where the card serves, or the processor
 * cannot run the model. The one that is not taken is left to the caller where it is the card's, and closed here otherwise.
 */
export async function findBetter(
  card: ModelSession,
  rival: Rival,
  { plan, isSettled, limits, placement, batch, one }: Trial,
): Promise<{ readonly session: ModelSession; readonly fallback: string } | null> {
  const detections = (outputs: ModelOutputs): Detections =>
    decodeRun(isSettled ? plan : settlePlan(plan, outputs), outputs, [placement], limits)[0]!;
  let session: ModelSession | null = null;
  let reason: string | null = null;
  try {
    session = await rival.open();
    reason = await whyProcessor(
      { session: card, ...batch, detections },
      { session, inputs: one, images: 1, detections },
      Math.max(placement.imageWidth, placement.imageHeight),
    );
  } catch {
    // The card goes on: it may do what the processor cannot.
  }
  if (session !== null && reason !== null) return { session, fallback: rival.fallback(reason) };
  await session?.close();
  return null;
}
