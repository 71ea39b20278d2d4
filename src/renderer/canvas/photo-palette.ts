/** Colours, dashes and widths of boxes on photographs, read from the design tokens so that they are written once. */
import type { TileOutcome } from '../../contract/view-types';

export interface OutcomeStroke {
  readonly colour: string;
  /** Dash of the prediction; ground truth is solid. */
  readonly dash: readonly number[];
}

export interface PhotoPalette {
  readonly outcomes: Readonly<Record<TileOutcome, OutcomeStroke>>;
  readonly casing: string;
  readonly casingOpacity: number;
  readonly label: string;
  readonly labelText: string;
  readonly selection: string;
  readonly font: string;
  /** Screen pixels. */
  readonly widths: {
    readonly quiet: number;
    readonly box: number;
    readonly selected: number;
    readonly casing: number;
  };
}

/** Reads the tokens as they are now (they differ in high contrast). */
export function readPhotoPalette(element: Element): PhotoPalette {
  const style = getComputedStyle(element);
  const text = (token: string): string => style.getPropertyValue(token).trim();
  const number = (token: string): number => Number.parseFloat(text(token));
  const dash = (token: string): readonly number[] => text(token).split(/\s+/).map(Number);
  const stroke = (colour: string, dashes: string): OutcomeStroke => ({
    colour: text(`--photo-${colour}`),
    dash: dash(`--dash-${dashes}`),
  });
  return {
    outcomes: {
      'true-positive': stroke('true-positive', 'prediction'),
      'false-positive': stroke('false-positive', 'prediction'),
      miss: stroke('miss', 'prediction'),
      'wrong-class': stroke('wrong-class', 'wrong-class'),
      'loose-box': stroke('loose', 'loose'),
      duplicate: stroke('duplicate', 'duplicate'),
      ignored: stroke('ignored', 'ignored'),
    },
    casing: text('--photo-casing'),
    casingOpacity: number('--photo-casing-opacity'),
    label: text('--photo-label'),
    labelText: text('--photo-label-text'),
    selection: text('--photo-selection'),
    font: `500 11px ${text('--font-ui')}`,
    widths: {
      quiet: number('--stroke-quiet'),
      box: number('--stroke-box'),
      selected: number('--stroke-selected'),
      casing: number('--stroke-casing'),
    },
  };
}
