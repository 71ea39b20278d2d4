import { describe, expect, it } from 'vitest';
import type { Progress } from './cancellation';
import { Cancelled, noProgress, startedAhead } from './cancellation';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what is started ahead', () => {
  it('gives its answer after the first is done', async () => {
    const order: string[] = [];
    const answer = await startedAhead(
      noProgress,
      async () => {
        order.push('started');
        await turn();
        return 7;
      },
      async () => {
        order.push('first');
        await turn();
        await turn();
        order.push('done');
      },
    );
    expect(answer).toBe(7);
    expect(order).toEqual(['started', 'first', 'done']);
  });

  it('ends where the first fails, whose error it is', async () => {
    let hasEnded = false;
    const endless = async (progress: Progress): Promise<never> => {
      try {
        for (;;) {
          progress.check();
          await turn();
        }
      } finally {
        hasEnded = true;
      }
    };
    const failing = startedAhead(noProgress, endless, () => Promise.reject(new Error('first')));
    await expect(failing).rejects.toThrow('first');
    expect(hasEnded).toBe(true);
  });

  it('may fail before the first does, and is told of only then', async () => {
    const failed = (): Promise<never> => Promise.reject(new Error('ahead'));
    const both = startedAhead(noProgress, failed, async () => {
      await turn();
      throw new Error('first');
    });
    await expect(both).rejects.toThrow('first');
    await expect(startedAhead(noProgress, failed, turn)).rejects.toThrow('ahead');
  });

  it('is cancelled with the rest', async () => {
    const cancelled: Progress = {
      check() {
        throw new Cancelled();
      },
      report() {
        // Nobody watches.
      },
    };
    const checks = (progress: Progress): Promise<void> => Promise.resolve().then(() => progress.check());
    await expect(startedAhead(cancelled, checks, turn)).rejects.toThrow(Cancelled);
  });
});
