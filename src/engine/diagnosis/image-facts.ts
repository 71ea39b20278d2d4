/** What the image files say of themselves: sizes and EXIF without decoding them, and of a part how they look. */
import path from 'node:path';
import type { ImageFacts } from '../../core/diagnosis/situation';
import type { Progress } from '../../core/foundation/cancellation';
import type { ImageLocator } from '../images/locate';

const AT_A_TIME = 16;
/** Decoding takes time, and a sample this large shows a difference as well as the whole does. */
const MOST_DECODED = 300;

/** By name; null where no file was found or it is no image. `depth`: pixels are decoded of an even sample only. */
export async function lookAtImages(
  names: readonly string[],
  locator: ImageLocator | null,
  progress: Progress,
  depth: 'sizes' | 'pixels' = 'sizes',
): Promise<(ImageFacts | null)[] | null> {
  if (!locator) return null;
  // Loaded only here: where no image is looked at, no image library is needed.
  const { probeImage } = await import('../images/probe');
  const { lookOf } = await import('../images/look');
  const every = Math.max(1, Math.ceil(names.length / MOST_DECODED));
  const see = async (name: string, at: number): Promise<ImageFacts | null> => {
    const found = locator.find(name);
    if (found === null) return null;
    const file = path.join(locator.root, found);
    const facts = await probeImage(file);
    const isDecoded = depth === 'pixels' && at % every === 0;
    return facts && isDecoded ? { ...facts, look: await lookOf(file) } : facts;
  };
  const facts = new Array<ImageFacts | null>(names.length).fill(null);
  for (let from = 0; from < names.length; from += AT_A_TIME) {
    progress.check();
    progress.report('Looking at images', from, names.length);
    const some = names.slice(from, from + AT_A_TIME);
    const seen = await Promise.all(some.map((name, at) => see(name, from + at)));
    seen.forEach((one, at) => (facts[from + at] = one));
  }
  return facts;
}
