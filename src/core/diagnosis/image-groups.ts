/** Images put together by a property that a fault may follow: folder, size, subset, EXIF orientation, beginning of the name. One by one (`file`) they are where they have nothing else in common. */
import { baseName, folderOf } from '../formats/names';
import type { ImageGroup } from './repair';
import type { Situation } from './situation';
import { sizeOf } from './situation';

export const GROUPINGS = [
  'folder',
  'size',
  'subset',
  'orientation',
  'name',
] as const satisfies readonly ImageGroup['by'][];

/** The property of each image, as text; images without it are of the group `''`. */
export function groupKeys(situation: Situation, by: ImageGroup['by']): readonly string[] {
  const { truth, facts } = situation;
  switch (by) {
    case 'folder':
      return truth.images.map(({ fileName }) => folderOf(fileName));
    case 'file':
      return truth.images.map(({ fileName }) => fileName);
    case 'name':
      return truth.images.map(({ fileName }) => /^[^\d]*/.exec(baseName(fileName))?.[0] ?? '');
    case 'size':
      return truth.images.map((_, image) => sizeOf(situation, image)?.join(' × ') ?? '');
    case 'orientation':
      return truth.images.map((_, image) => String(facts?.[image]?.orientation ?? ''));
    case 'subset': {
      const keys = truth.images.map(() => '');
      // An image may be in several; the smallest says the most.
      const subsets = [...truth.subsets].sort((a, b) => b.images.length - a.images.length);
      for (const { name, images } of subsets) for (const image of images) keys[image] = name;
      return keys;
    }
  }
}

/** By image: 1 where the repair concerns it. */
export function groupMask(situation: Situation, group: ImageGroup | undefined): Uint8Array {
  const count = situation.truth.images.length;
  if (!group) return new Uint8Array(count).fill(1);
  const values = new Set(group.values);
  return Uint8Array.from(groupKeys(situation, group.by), (key) => (values.has(key) ? 1 : 0));
}
