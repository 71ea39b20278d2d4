/** A bookkeeping fault that can be planted into a dataset. */
import type { CauseCode } from './cause';
import type { DataFiles, TruthFile } from './data-files.fixture';

/** Which images a fault is planted in. */
export type Where = (image: TruthFile['images'][number], index: number) => boolean;

export interface Planting {
  readonly name: string;
  readonly code: CauseCode;
  readonly plant: (files: DataFiles, where: Where, random: () => number) => void;
  /** It concerns all images or none. */
  readonly isWhole?: boolean;
  /** Faults that cannot be planted together share a kind. */
  readonly kind:
    'axes' | 'format' | 'scale' | 'classes' | 'names' | 'flags' | 'limits' | 'truth-fields' | 'shift';
  /** The cause has no price, or only a bound. */
  readonly price?: 'none' | 'bound';
  /** What the evidence has to say. */
  readonly evidence?: Readonly<Record<string, unknown>>;
}

/** Ids of the images that a fault is planted in. */
export function chosenIds({ truth }: DataFiles, where: Where): Set<number> {
  return new Set(truth.images.filter(where).map(({ id }) => id));
}
