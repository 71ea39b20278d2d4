/** Images that moved are found again below a folder: by content, then by name. */
import path from 'node:path';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { locatorOf, resolveBelow } from '../images/locate';
import { hashFile } from '../images/probe';
import { writeMeta } from '../store/meta';
import { writing } from '../store/open';
import type { ProjectSession } from '../project/session';

export async function relinkImages(
  session: ProjectSession,
  folder: string,
  progress: Progress,
): Promise<{ found: number; missing: number }> {
  const locator = await locatorOf(folder);
  const { images } = session.data;
  const byHash = new Map<string, string>();
  for (const [index, file] of locator.files.entries()) {
    progress.check();
    progress.report('Comparing files', index + 1, locator.files.length);
    const real = resolveBelow(folder, file);
    if (real !== null) byHash.set(await hashFile(real), file);
  }
  const locations = images.map(
    ({ hash, fileName }) => (hash === null ? undefined : byHash.get(hash)) ?? locator.find(fileName),
  );
  const found = locations.filter((location) => location !== null).length;
  if (found === 0)
    throw new BadInput(
      'images-not-found',
      'None of the project’s images is in that folder.',
      'Choose the folder that holds them.',
      { file: folder },
    );
  writing(session.path, () => {
    session.db.transaction(() => {
      writeMeta(session.db, 'imageRoot', path.resolve(folder));
      writeMeta(session.db, 'imageRootIsRelative', 'false');
      writeMeta(session.db, 'imageFolders', null);
      const put = session.db.prepare('UPDATE images SET location = ? WHERE key = ?');
      images.forEach(({ key }, index) => put.run(locations[index], key));
    })();
  });
  images.forEach((image, index) => {
    image.location = locations[index]!;
  });
  return { found, missing: images.length - found };
}
