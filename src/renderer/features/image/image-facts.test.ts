import { describe, expect, it } from 'vitest';
import type { ImageDetail } from '../../../contract/view-types';
import { detailOf, predictionView, truthView } from '../../editor/detail.fixture';
import { factsOf, ImageFactsCache } from './image-facts';

describe('image facts', () => {
  it('counts failures by outcome, a loose box with its truth once', () => {
    const detail = detailOf(
      [
        truthView(1, [0, 0, 9, 9], { partner: 0 }),
        truthView(2, [20, 0, 9, 9]),
        truthView(3, [40, 0, 9, 9], { outcome: 'matched' }),
      ],
      [
        predictionView(0, [2, 0, 19, 9], { outcome: 'loose-box', annotation: 1 }),
        predictionView(1, [90, 0, 9, 9]),
      ],
    );
    expect(factsOf(detail).counts).toEqual([
      ['false-positive', 1],
      ['loose-box', 1],
      ['miss', 1],
    ]);
  });

  it('asks once, keeps what it knew until the new answer, and drops answers to old questions', async () => {
    const answers: ((detail: ImageDetail) => void)[] = [];
    const cache = new ImageFactsCache(() => new Promise((resolve) => answers.push(resolve)));
    const answer = async (index: number, name: string): Promise<void> => {
      answers[index]?.(detailOf([], [], { name }));
      await Promise.resolve();
      await Promise.resolve();
    };
    cache.want(1);
    cache.want(1);
    expect(answers).toHaveLength(1);
    await answer(0, 'old');
    expect(cache.get(1)?.name).toBe('old');

    cache.forget([1]);
    expect(cache.get(1)?.name).toBe('old');
    cache.want(1);
    cache.forget('all');
    cache.want(1);
    await answer(1, 'late');
    expect(cache.get(1)?.name).toBe('old');
    await answer(2, 'new');
    expect(cache.get(1)?.name).toBe('new');
  });
});
