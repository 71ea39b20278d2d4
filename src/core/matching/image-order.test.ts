import { describe, expect, it } from 'vitest';
import { imageOrder } from './image-order';

describe('imageOrder', () => {
  it('puts numbers by size before text', () => {
    const { images, places } = imageOrder(['b', 10, 'B', 9, 'a10', 'a9', -1]);
    expect([...images]).toEqual([6, 3, 1, 2, 4, 5, 0]);
    expect([...places]).toEqual([6, 2, 3, 1, 4, 5, 0]);
  });

  it('puts text in the order of code points, not of the code units of UTF-16', () => {
    expect([...imageOrder(['\u{1f600}', '\uffee', 'z']).images]).toEqual([2, 1, 0]);
  });

  it('keeps the order of equal ids', () => {
    expect([...imageOrder([2, 1, 2, 1]).images]).toEqual([1, 3, 0, 2]);
  });

  it('sorts ids beyond 2^31', () => {
    expect([...imageOrder([2 ** 52, 2 ** 31, 5]).images]).toEqual([2, 1, 0]);
  });
});
