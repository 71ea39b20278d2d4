/** What the image files say of themselves: sizes and EXIF without decoding them, and of a part how they look. */
import type { ImageFacts } from '../../core/diagnosis/situation';
import type { Progress } from '../../core/foundation/cancellation';
import type { ImageLocator } from '../images/locate';
import { resolveBelow } from '../images/locate';
import type { LookCache } from '../images/look-cache';

const AT_A_TIME = 16;

/** How many images are decoded at most, evenly chosen: whole, and small for a print. */
export interface Depth {
  readonly looks: number;
  readonly prints: number;
}

/** Nothing is decoded. */
export const SIZES_ONLY: Depth = { looks: 0, prints: 0 };
/** A sample this large shows a difference as well as the whole does; the same picture twice has to be met. */
export const SAMPLE: Depth = { looks: 300, prints: 3000 };

/** By name; null where no file was found or it is no image. */
export async function lookAtImages(
  names: readonly string[],
  locator: ImageLocator | null,
  progress: Progress,
  depth: Depth = SIZES_ONLY,
  cache: LookCache | null = null,
): Promise<(ImageFacts | null)[] | null> {
  if (!locator) return null;
  // Loaded only here: where no image is looked at, no image library is needed.
  const { probeImage } = await import('../images/probe');
  const { LookCache: Looks } = await import('../images/look-cache');
  const looks = cache ?? new Looks(null);
  const see = async (name: string, at: number): Promise<ImageFacts | null> => {
    const found = locator.find(name);
    if (found === null) return null;
    const file = resolveBelow(locator.root, found);
    if (file === null) return null;
    const facts = await probeImage(file);
    const wants = {
      look: isChosen(at, names.length, depth.looks),
      print: isChosen(at, names.length, depth.prints),
    };
    return facts && (wants.look || wants.print)
      ? { ...facts, ...(await looks.see(file, null, wants)) }
      : facts;
  };
  return inTurns(names, see, progress, () => looks.flush());
}

/** Whether the item is one of at most `most`, evenly chosen of `count`. */
export function isChosen(at: number, count: number, most: number): boolean {
  return most > 0 && at % Math.max(1, Math.ceil(count / most)) === 0;
}

/** A few items at a time, so that a cancel is heard. */
export async function inTurns<T>(
  items: readonly T[],
  see: (item: T, at: number) => Promise<ImageFacts | null>,
  progress: Progress,
  finish: () => Promise<void>,
): Promise<(ImageFacts | null)[]> {
  const facts = new Array<ImageFacts | null>(items.length).fill(null);
  try {
    for (let from = 0; from < items.length; from += AT_A_TIME) {
      progress.check();
      progress.report('Looking at images', from, items.length);
      const some = items.slice(from, from + AT_A_TIME);
      const seen = await Promise.all(some.map((item, at) => see(item, from + at)));
      seen.forEach((one, at) => (facts[from + at] = one));
    }
  } finally {
    await finish();
  }
  return facts;
}
