import { describe, expect, it } from 'vitest';
import { RestartPolicy } from './restart-policy';

describe('restarting the engine', () => {
  it('waits longer each time and gives up after five ends in a minute', () => {
    let now = 0;
    const policy = new RestartPolicy(() => now);
    const waits = Array.from({ length: 6 }, () => {
      now += 100;
      return policy.ended();
    });
    expect(waits).toEqual([0, 250, 500, 1000, 2000, null]);
    policy.reset();
    expect(policy.ended()).toBe(0);
  });

  it('forgets ends that are a minute old', () => {
    let now = 0;
    const policy = new RestartPolicy(() => now);
    for (let index = 0; index < 20; index += 1) {
      now += 60_000;
      expect(policy.ended()).toBe(0);
    }
  });
});
