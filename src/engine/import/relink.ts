/** Images that moved are found again below a folder, or in a file that holds them: by content, then by name. */
import path from 'node:path';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { baseName } from '../../core/formats/names';
import { readLocation } from '../images/image-file';
import type { ImageLocator } from '../images/locate';
import { heldBelow, locatorOf, resolveBelow } from '../images/locate';
import { hashFile } from '../images/probe';
import { writeMeta } from '../store/meta';
import { writing } from '../store/open';
import type { ProjectSession } from '../project/session';

/** What the files that hold images of the project are called. */
function holderNames({ data }: ProjectSession): Set<string> {
  const held = data.images.flatMap(({ location }) =>
    location === null ? [] : (readLocation(location) ?? []),
  );
  return new Set(held.map(({ holder }) => baseName(holder)));
}

async function hashesIn(locators: readonly ImageLocator[], progress: Progress): Promise<Map<string, string>> {
  const total = locators.reduce((sum, { files }) => sum + files.length, 0);
  const byHash = new Map<string, string>();
  let done = 0;
  for (const locator of locators) {
    for (const name of locator.files) {
      progress.check();
      progress.report('Comparing files', ++done, total);
      const location = locator.locationOf(name);
      const file = resolveBelow(locator.root, location);
      if (file !== null) byHash.set(await hashFile(file), location);
    }
  }
  return byHash;
}

/** `given`: a folder, or an archive or TFRecord. */
export async function relinkImages(
  session: ProjectSession,
  given: string,
  progress: Progress,
): Promise<{ found: number; missing: number }> {
  const direct = await locatorOf(given, progress);
  // Of a folder also what holds images within it, where it is called as before.
  const locators =
    direct.holders.length > 0 ? [direct] : [direct, await heldBelow(given, holderNames(session), progress)];
  const { images } = session.data;
  const byHash = await hashesIn(locators, progress);
  const findByName = (name: string): string | null => {
    for (const locator of locators) {
      const location = locator.find(name);
      if (location !== null) return location;
    }
    return null;
  };
  const locations = images.map(
    ({ hash, fileName }) => (hash === null ? undefined : byHash.get(hash)) ?? findByName(fileName),
  );
  const found = locations.filter((location) => location !== null).length;
  if (found === 0) {
    const [finding] = locators.flatMap(({ findings }) => findings);
    throw new BadInput(
      'images-not-found',
      finding?.message ?? 'None of the project’s images is there.',
      'Choose the folder or the archive that holds them.',
      { file: given },
    );
  }
  const root = path.resolve(direct.root);
  const holders = locators.flatMap((locator) => locator.holders);
  const hasOwnFiles = locations.some((location) => location !== null && readLocation(location) === null);
  const folders = holders.length > 0 ? JSON.stringify([...(hasOwnFiles ? [root] : []), ...holders]) : null;
  writing(session.path, () => {
    session.db.transaction(() => {
      writeMeta(session.db, 'imageRoot', root);
      writeMeta(session.db, 'imageRootIsRelative', 'false');
      writeMeta(session.db, 'imageFolders', folders);
      const put = session.db.prepare('UPDATE images SET location = ? WHERE key = ?');
      images.forEach(({ key }, index) => put.run(locations[index], key));
    })();
  });
  images.forEach((image, index) => {
    image.location = locations[index]!;
  });
  return { found, missing: images.length - found };
}
