import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import type { Progress } from '../../../core/foundation/cancellation';

/** Unzips the entries that `placeOf` gives a place to. */
export async function unzip(
  archive: string,
  placeOf: (name: string) => string | null,
  progress: Progress,
): Promise<void> {
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(archive, {
    lazyEntries: true,
    autoClose: true,
  });
  const openStream = promisify(zip.openReadStream.bind(zip)) as (
    entry: yauzl.Entry,
  ) => Promise<NodeJS.ReadableStream>;
  const take = async (entry: yauzl.Entry): Promise<void> => {
    const to = placeOf(entry.fileName);
    if (to === null || entry.fileName.endsWith('/')) return;
    progress.check();
    await mkdir(path.dirname(to), { recursive: true });
    await pipeline(await openStream(entry), createWriteStream(to));
  };
  await new Promise<void>((resolve, reject) => {
    let seen = 0;
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: yauzl.Entry) => {
      seen++;
      progress.report('Unpacking', seen, zip.entryCount);
      take(entry).then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  });
}
