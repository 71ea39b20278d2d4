/** What is known of the project's images besides their labels. */
import type { ImageFacts } from '../../core/diagnosis/situation';
import type { Progress } from '../../core/foundation/cancellation';
import { type Depth, inTurns, isChosen } from '../diagnosis/image-facts';
import { resolveBelow } from '../images/locate';
import type { LookCache } from '../images/look-cache';
import type { ProjectImage } from '../project/project-data';
import type { ProjectSession } from '../project/session';

const stored = ({ width, height, orientation }: ProjectImage): ImageFacts => ({ width, height, orientation });

/** Without looking at any file: what was measured before. */
export function knownFacts(session: ProjectSession, looks: LookCache): ImageFacts[] {
  return session.data.images.map((image) => ({ ...stored(image), ...looks.find(image.hash) }));
}

/** Pixels of at most so many images are measured, those that are not known; missing files are left out. */
export async function projectFacts(
  session: ProjectSession,
  looks: LookCache,
  depth: Depth,
  progress: Progress,
): Promise<(ImageFacts | null)[]> {
  const { images } = session.data;
  const root = session.imageRoot;
  const see = async (image: ProjectImage, at: number): Promise<ImageFacts> => {
    const wants = {
      look: isChosen(at, images.length, depth.looks),
      print: isChosen(at, images.length, depth.prints),
    };
    const file = root === null || image.location === null ? null : resolveBelow(root, image.location);
    if (file === null || (!wants.look && !wants.print))
      return { ...stored(image), ...looks.find(image.hash) };
    return { ...stored(image), ...(await looks.see(file, image.hash, wants)) };
  };
  return inTurns(images, see, progress, () => looks.flush());
}
