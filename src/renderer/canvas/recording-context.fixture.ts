/** A 2D context that writes down what is stroked, with the style it was stroked in. */
import type { PhotoPalette } from './photo-palette';

export interface Stroke {
  readonly rect: readonly number[];
  readonly style: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly opacity: number;
}

export class RecordingContext {
  readonly strokes: Stroke[] = [];
  strokeStyle = '';
  lineWidth = 1;
  globalAlpha = 1;
  #dash: readonly number[] = [];

  setLineDash(dash: readonly number[]): void {
    this.#dash = dash;
  }

  strokeRect(...rect: number[]): void {
    const { strokeStyle: style, lineWidth: width, globalAlpha: opacity } = this;
    this.strokes.push({ rect, style, width, dash: this.#dash, opacity });
  }

  asContext(): CanvasRenderingContext2D {
    return this as unknown as CanvasRenderingContext2D;
  }
}

const stroke = (colour: string, dash: readonly number[]) => ({ colour, dash });

export const TEST_PALETTE: PhotoPalette = {
  outcomes: {
    'true-positive': stroke('green', [6, 4]),
    'false-positive': stroke('orange', [6, 4]),
    miss: stroke('blue', [6, 4]),
    'wrong-class': stroke('yellow', [9, 3, 2, 3]),
    'loose-box': stroke('cyan', [12, 4]),
    duplicate: stroke('pink', [3, 3]),
    ignored: stroke('grey', [1, 4]),
  },
  casing: 'black',
  casingOpacity: 0.7,
  label: 'black',
  labelText: 'white',
  selection: 'white',
  font: '11px sans-serif',
  widths: { quiet: 1.25, box: 2, selected: 2.5, casing: 2 },
};
