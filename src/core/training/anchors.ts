/**
 * Shapes of the boxes that a detector starts from, in pixels of its input. After `object_detection/anchor_generators`:
 * `multiple_grid_anchor_generator.py` (SSD), `multiscale_grid_anchor_generator.py`, `grid_anchor_generator.py`.
 */
import type { AnchorGenerator } from './pipeline-config';

export interface AnchorShape {
  readonly width: number;
  readonly height: number;
}

/** What the generators take where the configuration names no ratios. */
const USUAL_RATIOS = [1, 2, 0.5];

/** `width`, `height`: of the model's input. Empty where the configuration does not say enough. */
export function anchorShapes(
  generator: AnchorGenerator,
  width: number,
  height: number,
): readonly AnchorShape[] {
  const ratios = generator.aspectRatios.length > 0 ? generator.aspectRatios : USUAL_RATIOS;
  const shape = (side: number, ratio: number, base: AnchorShape = { width: 1, height: 1 }): AnchorShape => ({
    width: base.width * side * Math.sqrt(ratio),
    height: (base.height * side) / Math.sqrt(ratio),
  });
  switch (generator.kind) {
    case 'ssd':
      return ssdSides(generator, ratios).map(([scale, ratio]) =>
        shape(scale * Math.min(width, height), ratio),
      );
    case 'multiscale':
      return range(generator.maxLevel - generator.minLevel + 1).flatMap((level) =>
        range(generator.scalesPerOctave).flatMap((step) => {
          const side =
            generator.anchorScale *
            2 ** (generator.minLevel + level) *
            2 ** (step / generator.scalesPerOctave);
          return ratios.map((ratio) => shape(side, ratio));
        }),
      );
    case 'grid': {
      const base = { width: generator.width, height: generator.height };
      return generator.scales.flatMap((scale) => ratios.map((ratio) => shape(scale, ratio, base)));
    }
  }
}

const range = (count: number): number[] => Array.from({ length: Math.max(0, count) }, (_, at) => at);

/** Scale and ratio of every anchor: three in the lowest layer, the ratios and one between scales in the others. */
function ssdSides(
  { scales: given, levels, minScale, maxScale }: Extract<AnchorGenerator, { kind: 'ssd' }>,
  ratios: readonly number[],
): [scale: number, ratio: number][] {
  const scales =
    given.length > 0
      ? given
      : range(levels).map((level) => minScale + ((maxScale - minScale) * level) / Math.max(1, levels - 1));
  return scales.flatMap((scale, level): [number, number][] => {
    if (level === 0)
      return [
        [0.1, 1],
        [scale, 2],
        [scale, 0.5],
      ];
    const between = Math.sqrt(scale * (scales[level + 1] ?? 1));
    return [...ratios.map((ratio): [number, number] => [scale, ratio]), [between, 1]];
  });
}

/** Overlap (IoU) of a box with the anchor that fits it best, both centred on one point: more than any place allows. */
export function bestAnchorIou(anchors: readonly AnchorShape[], width: number, height: number): number {
  let best = 0;
  for (const anchor of anchors) {
    const shared = Math.min(width, anchor.width) * Math.min(height, anchor.height);
    best = Math.max(best, shared / (width * height + anchor.width * anchor.height - shared));
  }
  return best;
}
