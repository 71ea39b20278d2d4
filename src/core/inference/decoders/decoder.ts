/** What every decoder offers: to say whether a signature is of its kind, and to turn one image's outputs into boxes. */
import type {
  DecoderName,
  DecoderPlan,
  Evidence,
  InputPlan,
  ModelContext,
  ModelOutputs,
  ModelSignature,
} from '../model';
import type { Candidates } from '../suppression';

export interface Reading {
  readonly input: InputPlan;
  readonly decoder: DecoderPlan;
  readonly evidence: readonly Evidence[];
}

/** One image of one run. */
export interface DecoderRun {
  readonly plan: DecoderPlan;
  readonly outputs: ModelOutputs;
  /** Place of the image in the batch. */
  readonly index: number;
  /** Size of the input in pixels. */
  readonly inputWidth: number;
  readonly inputHeight: number;
  /** Candidates below it are left out. */
  readonly scoreThreshold: number;
}

export interface Decoder {
  readonly name: DecoderName;
  /**
   * What follows from the signature where it is of this kind, else null. `isAsked`: the user names this decoder, so
   * the shapes alone have to fit.
   */
  readonly read: (signature: ModelSignature, context: ModelContext, isAsked: boolean) => Reading | null;
  /** Candidates in the plan's unit, before suppression. */
  readonly decode: (run: DecoderRun) => Candidates;
  /**
   * What the values of a first run correct in the plan; the same plan where they agree with it. `doubted`: what the plan
   * only assumes, the user's word not among it. It must not depend on what is in the image: the parts of a run that is
   * split have other first images.
   */
  readonly settle?: (
    plan: DecoderPlan,
    outputs: ModelOutputs,
    doubted: ReadonlySet<Evidence['about']>,
  ) => Settled;
}

/** Of a graph that ends with the boxes themselves: one class each, scores as they stand, overlaps suppressed. */
export const FINISHED_BOXES = {
  background: null,
  activation: 'none',
  classesPerBox: 'best',
  suppression: null,
  classCount: null,
  strides: null,
  isValuesFirst: false,
} as const satisfies Partial<DecoderPlan>;

export interface Settled {
  readonly plan: DecoderPlan;
  readonly evidence: readonly Evidence[];
}

export const concluded = (about: Evidence['about'], sentence: string): Evidence => ({
  about,
  sentence,
  isAssumed: false,
});

export const assumed = (about: Evidence['about'], sentence: string): Evidence => ({
  about,
  sentence,
  isAssumed: true,
});
