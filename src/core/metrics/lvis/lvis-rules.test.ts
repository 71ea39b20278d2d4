import { describe, expect, it } from 'vitest';
import { evaluateProtocol } from '../protocol-evaluation';
import { scene } from '../scene.fixture';

describe('LVIS reads no truth without area', () => {
  const flat = scene({
    truth: [
      { box: [0, 0, 40, 40], area: 0 },
      { box: [100, 100, 40, 0], area: 900 },
    ],
    predictions: [{ box: [0, 0, 40, 40], score: 0.9 }],
  });

  it('by the file’s area: the other box is missed, and the class is known in the image', () => {
    const { metrics, classes } = evaluateProtocol(flat, 'lvis', {}).result(0.5);
    expect(metrics['AP']).toBe(0);
    expect(classes[0]!.truth).toBe(1);
  });

  it('by the box where that is asked for', () => {
    const { metrics, classes } = evaluateProtocol(flat, 'lvis', { area: 'box' }).result(0.5);
    expect(metrics['AP']).toBeCloseTo(1, 12);
    expect(classes[0]!.truth).toBe(1);
  });
});
