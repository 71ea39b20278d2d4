import { describe, expect, it } from 'vitest';
import { withoutFlags } from './without-flags';

describe('withoutFlags', () => {
  it.each([
    [
      'Classes count from 0; --class-base 1 corrects it.',
      'Classes count from 0; “First class is number” 1 corrects it.',
    ],
    [
      'Close other programs, or use a smaller input size (--input-size) or batch (--batch), then resume.',
      'Close other programs, or use a smaller input size or batch, then resume.',
    ],
    [
      'RGB; the file does not say it: --normalise and --channels correct it.',
      'RGB; the file does not say it: “Normalise” and “Channels” correct it.',
    ],
    ['Give the label map (--label-map), or name the classes.', 'Give the label map, or name the classes.'],
    ['They keep their numbers; --label-map names them.', 'They keep their numbers; a label map names them.'],
    ['A file called a--b (-- is no option).', 'A file called a--b (-- is no option).'],
  ])('%s', (told, shown) => {
    expect(withoutFlags(told)).toBe(shown);
  });
});
