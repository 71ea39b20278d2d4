/** What `--arrays` and `--matches` write. */
import path from 'node:path';
import { writeFileWhole, writeFilesWhole } from '../../engine/export/atomic';
import { matchesIou } from './report-options';
import type { Scored } from './scoring';

/** One folder a protocol where several were scored. */
export async function writeArrays(folder: string, scored: readonly Scored[]): Promise<void> {
  const files = new Map<string, string | Uint8Array>();
  for (const { evaluation } of scored) {
    const arrays = evaluation.arrays();
    if (!arrays) continue;
    const shapes: Record<string, readonly number[]> = {};
    const nameOf = (name: string): string =>
      scored.length > 1 ? path.join(evaluation.protocol, name) : name;
    for (const [name, { data, shape }] of Object.entries(arrays)) {
      shapes[name] = shape;
      const { buffer, byteOffset, byteLength } = data;
      files.set(nameOf(`${name}.f64`), new Uint8Array(buffer, byteOffset, byteLength));
    }
    files.set(nameOf('shapes.json'), `${JSON.stringify(shapes)}\n`);
  }
  await writeFilesWhole(folder, files);
}

/** `iou`: as given on the command line. */
export async function writeMatches(
  file: string,
  { evaluation }: Scored,
  records: number,
  iou: string | undefined,
): Promise<void> {
  const rows = evaluation.matches(matchesIou(iou), records);
  await writeFileWhole(file, [`${JSON.stringify(rows)}\n`]);
}
