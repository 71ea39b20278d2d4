/** Files that were cut off: a disk that was full, a copy that did not end. */
import { decodeText } from '../../../core/formats/text';
import type { Files } from './check.fixture';
import { checkFiles } from './check.fixture';
import type { Seed } from './seed.fixture';

/** Formats of which a part is a whole of its own: what ends at the end of a line, or of a record, ends. */
const ENDS_ANYWHERE = new Set(['yolo', 'darknet', 'kitti', 'csv', 'retinanet-csv', 'open-images-csv']);
const RECORDS = new Set(['tfrecord', 'detections-tfrecord']);

const isCompressed = (path: string): boolean => /\.(gz|zip|tar)$/.test(path);

/** Whether what is left of a file is whole as far as anybody can tell. */
function looksWhole({ format }: Seed, path: string, rest: Uint8Array): boolean {
  if (isCompressed(path)) return false;
  // Without bytes there is nothing that a format could say, but in those where no objects are no bytes.
  if (ENDS_ANYWHERE.has(format)) return /[\r\n]$/.test(decodeText(rest).text);
  return RECORDS.has(format) && rest.length > 0 && isFrameEnd(rest);
}

function isFrameEnd(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 12 <= bytes.length) at += 12 + Number(view.getBigUint64(at, true)) + 4;
  return at === bytes.length;
}

export interface Cut {
  readonly seed: string;
  readonly path: string;
  readonly at: number;
}

/** Cuts of a seed's files after which it reads with fewer boxes, and nothing is said. `most`: places tried in a file. */
export async function silentCuts(seed: Seed, folder: string, most: number): Promise<Cut[]> {
  const silent: Cut[] = [];
  for (const [path, content] of Object.entries(seed.files)) {
    const step = Math.max(1, Math.ceil(content.length / most));
    for (let at = 0; at < content.length; at += step) {
      const rest = content.slice(0, at);
      const files: Files = { ...seed.files, [path]: rest };
      const { boxes, codes, faults } = await checkFiles({ ...seed, files }, folder);
      if (faults.length > 0) throw new Error(`${seed.name}, ${path} cut at ${at}: ${faults.join('; ')}`);
      const isTold = boxes === null || codes.length > 0;
      if (!isTold && boxes < seed.boxes && !looksWhole(seed, path, rest))
        silent.push({ seed: seed.name, path, at });
    }
  }
  return silent;
}
