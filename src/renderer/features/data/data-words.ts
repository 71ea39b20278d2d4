/** Words and numbers of the Data page. */
import type { DataView, ModelInputChoice } from '../../../contract/data-view';
import type { MeasureProfile, PositionProfile } from '../../../core/diagnosis/data/profile/profile';
import type { MeasureKey } from '../../../core/diagnosis/data/properties';
import type { Resizer } from '../../../core/training/pipeline-config';
import { resizerWords } from '../../../core/training/resizer';

export const MEASURE_TITLES: Readonly<Record<MeasureKey, string>> = {
  size: 'Box size',
  'input-size': 'Box size',
  'aspect-ratio': 'Aspect ratio of the boxes',
  'distance-from-centre': 'Centre to edge',
  'place-across': 'Place across',
  'place-down': 'Place down',
  resolution: 'Resolution of the images',
  'image-aspect-ratio': 'Aspect ratio of the images',
  brightness: 'Brightness',
  contrast: 'Contrast',
  sharpness: 'Sharpness',
  red: 'Colour: red',
  blue: 'Colour: blue',
};

/** Three digits at most, without noise behind the point. */
export const shortNumber = (value: number): string => String(Number(value.toPrecision(3)));

export const percent = (share: number): string =>
  share > 0 && share < 0.01 ? '< 1 %' : `${Math.round(share * 100)} %`;

/** `16 to 23 pixels`-like words of a bin; the outer bins are open. */
export function binWords({ bins: { edges } }: Pick<MeasureProfile, 'bins'>, bin: number): string {
  const low = shortNumber(edges[bin]!);
  const high = shortNumber(edges[bin + 1]!);
  if (bin === 0) return `under ${high}`;
  return bin === edges.length - 2 ? `from ${low}` : `${low} to ${high}`;
}

/** What the test says of one measure, in a few words; empty without a training set. */
export function comparisonWords({ comparison }: Pick<MeasureProfile, 'comparison'>): string {
  if (!comparison) return '';
  const { train, evaluation, distance, isDifferent, recall } = comparison;
  const medians = `median ${shortNumber(evaluation)}, in training ${shortNumber(train)}`;
  if (!isDifferent) return `alike: ${medians} (distance ${distance.toFixed(2)})`;
  const weighed = recall
    ? `; recall ${recall.now.toFixed(2)}, on what training showed ${recall.asInTraining.toFixed(2)}`
    : '';
  return `differs: ${medians} (distance ${distance.toFixed(2)})${weighed}`;
}

/** Recall at the edge and at the centre, whether they differ, in a sentence; empty where it cannot be told. */
export function positionWords({ bias }: Pick<PositionProfile, 'bias'>): string {
  if (!bias) return '';
  const { edge, centre, labelsEdge, labelsCentre } = bias;
  return `Recall at the edge ${edge.toFixed(2)} (${labelsEdge} objects) against ${centre.toFixed(2)} at the centre (${labelsCentre}), same sizes and classes, objects that the edge cuts left out.`;
}

const fixed = (side: number): Resizer => ({ kind: 'fixed', width: side, height: side });

/** Inputs that can be chosen, as text that names each. */
export function inputOptions({ configured, input }: Pick<DataView, 'configured' | 'input'>): readonly {
  readonly value: string;
  readonly label: string;
  readonly input: ModelInputChoice;
}[] {
  const usual: readonly Resizer[] = [
    fixed(300),
    fixed(320),
    fixed(512),
    fixed(640),
    { kind: 'keep-aspect', shortest: 600, longest: 1024, padsToLongest: false },
    { kind: 'keep-aspect', shortest: 800, longest: 1333, padsToLongest: false },
  ];
  const own = input !== null && input !== 'configured' ? [input] : [];
  const all = [...usual, ...own.filter((one) => !usual.some((other) => same(one, other)))];
  return [
    {
      value: 'configured',
      label: configured ? `as configured, ${resizerWords(configured)}` : 'as configured (no logs read)',
      input: 'configured',
    },
    { value: 'image', label: 'pixels of the image', input: null },
    ...all.map((one) => ({ value: JSON.stringify(one), label: resizerWords(one), input: one })),
  ];
}

const same = (a: Resizer, b: Resizer): boolean => resizerWords(a) === resizerWords(b);

export const inputValue = (input: ModelInputChoice): string =>
  input === 'configured' ? 'configured' : input === null ? 'image' : JSON.stringify(input);
