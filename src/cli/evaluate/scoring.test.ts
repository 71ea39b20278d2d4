import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cancelled } from '../../core/foundation/cancellation';
import type { ScoringInput } from '../../core/metrics/evaluation';
import { scoreAll } from './scoring';

afterEach(() => {
  vi.restoreAllMocks();
});

const NOTHING: ScoringInput = {
  imageIds: [1],
  categories: [],
  annotations: {
    count: 0,
    id: new Float64Array(),
    image: new Int32Array(),
    category: new Int32Array(),
    box: new Float64Array(),
    area: new Float64Array(),
    flags: new Uint8Array(),
    extra: new Map(),
  },
  predictions: {
    count: 0,
    image: new Int32Array(),
    category: new Int32Array(),
    box: new Float64Array(),
    score: new Float64Array(),
    fileIndex: new Uint32Array(),
  },
  federation: null,
};

describe('resampling', () => {
  it('lets others in while it goes on, so that it can be cancelled', async () => {
    // Every look at the clock finds it a second later: each resample takes its turn.
    let seconds = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => 1000 * seconds++);
    let isCancelled = false;
    setImmediate(() => (isCancelled = true));
    const progress = {
      check: () => {
        if (isCancelled) throw new Cancelled();
      },
      report: () => undefined,
    };
    const options = { confidenceInterval: '0.95' };
    await expect(scoreAll(NOTHING, null, ['coco'], options, progress)).rejects.toThrow(Cancelled);
  });
});
