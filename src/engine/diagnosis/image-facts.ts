/** What the image files say of themselves: sizes and EXIF, without decoding them. */
import path from 'node:path';
import type { ImageFacts } from '../../core/diagnosis/situation';
import type { Progress } from '../../core/foundation/cancellation';
import type { ImageLocator } from '../images/locate';

const AT_A_TIME = 16;

/** By name; null where no file was found or it is no image. */
export async function lookAtImages(
  names: readonly string[],
  locator: ImageLocator | null,
  progress: Progress,
): Promise<(ImageFacts | null)[] | null> {
  if (!locator) return null;
  // Loaded only here: where no image is looked at, no image library is needed.
  const { probeImage } = await import('../images/probe');
  const facts = new Array<ImageFacts | null>(names.length).fill(null);
  for (let from = 0; from < names.length; from += AT_A_TIME) {
    progress.check();
    progress.report('Looking at images', from, names.length);
    const some = names.slice(from, from + AT_A_TIME);
    const seen = await Promise.all(
      some.map((name) => {
        const found = locator.find(name);
        return found === null ? Promise.resolve(null) : probeImage(path.join(locator.root, found));
      }),
    );
    seen.forEach((one, at) => (facts[from + at] = one));
  }
  return facts;
}
