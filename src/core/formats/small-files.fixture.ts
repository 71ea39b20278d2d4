/** Shorthand for tests of readers: small files, images of 100 by 50 pixels. */
import { expect } from 'vitest';
import type { Truth } from '../dataset/dataset';
import { BadInput } from '../foundation/bad-input';
import type { Files } from './memory-source.fixture';
import { imagesOf, readFiles } from './memory-source.fixture';
import type { TruthReading } from './reading';
import { formatNamed } from './registry';

export const IMAGES = imagesOf({
  images: ['a.jpg', 'b.jpg', 'frame_000000.png'].map((fileName, id) => ({
    ...{ id, fileName, width: 100, height: 50, extra: null },
  })),
});
export const read = (
  format: string,
  files: Files,
  options: { isSingle?: boolean; strict?: boolean } = {},
): Promise<TruthReading> =>
  readFiles(formatNamed(format)!, files, { images: IMAGES, keepExtra: true, ...options });
export const boxesOf = ({ truth }: { truth: Truth }): unknown[] =>
  Array.from({ length: truth.annotations.count }, (_, row) => [
    truth.images[truth.annotations.image[row]!]!.fileName,
    truth.categories[truth.annotations.category[row]!]!.name,
    ...truth.annotations.box.subarray(row * 4, row * 4 + 4),
  ]);
export const codes = ({ findings }: TruthReading): string[] => findings.map(({ code }) => code).sort();
export const badInput = async (reading: Promise<unknown>): Promise<string> => {
  const error: unknown = await reading.catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(BadInput);
  return (error as BadInput).code;
};
