import { describe, expect, it } from 'vitest';
import { DecodedImages } from './decoded-images';

function imagesWith(failing: readonly string[] = []): { images: DecodedImages; asked: string[] } {
  const asked: string[] = [];
  const images = new DecodedImages((url) => {
    asked.push(url);
    return failing.includes(url)
      ? Promise.reject(new Error(url))
      : Promise.resolve({ src: url } as HTMLImageElement);
  });
  return { images, asked };
}

describe('decoded images', () => {
  it('decodes once, and again only after six others', async () => {
    const { images, asked } = imagesWith();
    for (const url of ['a', 'a', 'b', 'c', 'd', 'e', 'f', 'a'])
      expect((await images.load(url)).src).toBe(url);
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    for (const url of ['g', 'h', 'b']) await images.load(url);
    expect(asked.slice(6)).toEqual(['g', 'h', 'b']);
  });

  it('asks again after a failure', async () => {
    const { images, asked } = imagesWith(['bad']);
    await expect(images.load('bad')).rejects.toThrow();
    await expect(images.load('bad')).rejects.toThrow();
    expect(asked).toEqual(['bad', 'bad']);
  });
});
