import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../contract/engine-calls';
import { PreviewQueue } from './preview-queue';

const operation = (annotation: number): Operation[] => [{ delete: { annotation } }];

describe('preview queue', () => {
  it('asks one question at a time and leaves out those between', async () => {
    const asked: (Operation[] | null)[] = [];
    let finish: () => void = () => undefined;
    const queue = new PreviewQueue((operations) => {
      asked.push(operations);
      return new Promise((resolve) => (finish = resolve));
    });
    const turn = async (): Promise<void> => {
      finish();
      for (let step = 0; step < 4; step++) await Promise.resolve();
    };
    for (let annotation = 1; annotation <= 5; annotation++) queue.show(operation(annotation));
    expect(asked).toEqual([operation(1)]);
    await turn();
    expect(asked).toEqual([operation(1), operation(5)]);
    queue.show(null);
    await turn();
    expect(asked.at(-1)).toBeNull();
  });

  it('goes on after a question that failed', async () => {
    let asked = 0;
    const queue = new PreviewQueue(() => {
      asked++;
      return Promise.reject(new Error('busy'));
    });
    queue.show(operation(1));
    queue.show(null);
    for (let step = 0; step < 8; step++) await Promise.resolve();
    expect(asked).toBe(2);
  });
});
