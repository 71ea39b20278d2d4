/** What `--arrays` and `--matches` write. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeFileWhole } from '../../engine/export/atomic';
import type { NamedArrays } from '../../core/metrics/evaluation';
import { parseIouThresholds } from '../../core/metrics/parameters';
import { usage } from '../command';
import type { Scored } from './scoring';

/** One folder a protocol where several were scored. */
export async function writeArrays(folder: string, scored: readonly Scored[]): Promise<void> {
  for (const { evaluation } of scored) {
    const arrays = evaluation.arrays();
    if (!arrays) continue;
    await writeNamed(scored.length > 1 ? path.join(folder, evaluation.protocol) : folder, arrays);
  }
}

async function writeNamed(folder: string, arrays: NamedArrays): Promise<void> {
  await mkdir(folder, { recursive: true });
  const shapes: Record<string, readonly number[]> = {};
  for (const [name, { data, shape }] of Object.entries(arrays)) {
    shapes[name] = shape;
    const { buffer, byteOffset, byteLength } = data;
    await writeFileWhole(path.join(folder, `${name}.f64`), [new Uint8Array(buffer, byteOffset, byteLength)]);
  }
  await writeFileWhole(path.join(folder, 'shapes.json'), [`${JSON.stringify(shapes)}\n`]);
}

/** `iou`: as given on the command line. */
export async function writeMatches(
  file: string,
  { evaluation }: Scored,
  records: number,
  iou: string | undefined,
): Promise<void> {
  const thresholds = iou === undefined ? [0.5] : parseIouThresholds(iou);
  if (thresholds.length !== 1) throw usage('--matches is of one IoU.', 'Give one with --iou.');
  const rows = evaluation.matches(thresholds[0]!, records);
  await writeFileWhole(file, [`${JSON.stringify(rows)}\n`]);
}
