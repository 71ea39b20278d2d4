/** A whole file or folder that is changed in many ways. */
export type SeedKind = 'truth' | 'predictions' | 'label-map' | 'trainings' | 'model';

export interface Seed {
  readonly name: string;
  readonly kind: SeedKind;
  readonly format: string;
  /** By relative path. One file: the source is that file, else the folder. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly isSingle: boolean;
  /** Boxes that reading gives. */
  readonly boxes: number;
}
