import { describe, expect, it } from 'vitest';
import { detailOf, predictionView, truthView } from '../editor/detail.fixture';
import { createScene } from '../editor/scene';
import { drawBoxes } from './draw-boxes';
import { plateText } from './draw-overlay';
import { RecordingContext, TEST_PALETTE } from './recording-context.fixture';

const scene = createScene(
  detailOf(
    [
      truthView(1, [10, 10, 20, 20], { outcome: 'matched', partner: 0, iou: 0.9 }),
      truthView(2, [50, 10, 20, 20], { crowd: true }),
    ],
    [
      predictionView(0, [11, 10, 20, 20], {
        outcome: 'true-positive',
        annotation: 1,
        iou: 0.9,
        score: 0.876,
      }),
      predictionView(1, [90, 10, 20, 20], { outcome: 'loose-box', annotation: 2, iou: 0.19, score: 0.34 }),
      predictionView(2, [120, 10, 20, 20], { iou: 0.05, score: 0.5 }),
    ],
  ),
);

function drawn(scale: number, hidden: readonly `truth:${number}`[] = []): RecordingContext {
  const context = new RecordingContext();
  drawBoxes(context.asContext(), scene.boxes, { scale, x: 5, y: 7 }, TEST_PALETTE, new Set(hidden));
  return context;
}

describe('drawing boxes', () => {
  it('gives every stroke a casing with the same dash, 2 px wider, in screen pixels at any zoom', () => {
    for (const scale of [0.1, 1, 40]) {
      const { strokes } = drawn(scale);
      expect(strokes).toHaveLength(10);
      for (const line of strokes.filter((stroke) => stroke.style !== 'black')) {
        const casing = strokes.find(
          (other) => other.style === 'black' && String(other.rect) === String(line.rect),
        );
        expect(casing?.dash).toEqual(line.dash);
        expect(casing?.width).toBe(line.width + 2);
      }
    }
  });

  it('draws truth solid, predictions dashed, what is right thin, failures last', () => {
    const lines = drawn(2).strokes.filter((stroke) => stroke.style !== 'black');
    expect(lines.map(({ style, dash, width }) => [style, dash, width])).toEqual([
      ['green', [], 1.25],
      ['green', [6, 4], 1.25],
      ['blue', [], 2],
      ['cyan', [12, 4], 2],
      ['orange', [6, 4], 2],
    ]);
    expect(lines[0]?.rect).toEqual([25, 27, 40, 40]);
  });

  it('leaves out what is drawn above', () => {
    expect(drawn(1, ['truth:1']).strokes).toHaveLength(8);
  });
});

describe('label plates', () => {
  it('name the class, the score and the IoU where they mean something', () => {
    const texts = [...scene.byKey.values()].map((box) => [box.key, plateText(box, 'RBC')]);
    expect(Object.fromEntries(texts)).toEqual({
      'truth:1': 'RBC 0.88 · IoU 0.90',
      'prediction:0': 'RBC 0.88 · IoU 0.90',
      'truth:2': 'RBC · crowd',
      'prediction:1': 'RBC 0.34 · IoU 0.19',
      'prediction:2': 'RBC 0.50',
    });
  });
});
