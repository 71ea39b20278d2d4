/** What `--arrays` and `--matches` write. */
import path from 'node:path';
import type { RecordId } from '../../core/dataset/dataset';
import type { MatchRows } from '../../core/errors/match-rows';
import { writeFileWhole, writeFilesWhole } from '../../engine/export/atomic';
import type { WrittenIds } from './inputs';
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

/** `iou`: as given on the command line. `writtenIds`: by an annotation's number, its id where that is none. */
export async function writeMatches(
  file: string,
  { evaluation }: Scored,
  records: number,
  iou: string | undefined,
  writtenIds: WrittenIds,
): Promise<void> {
  const rows = evaluation.matches(matchesIou(iou), records);
  const named = writtenIds.size > 0 ? withWrittenIds(rows, writtenIds) : rows;
  await writeFileWhole(file, [`${JSON.stringify(named)}\n`]);
}

function withWrittenIds({ predictions, missed, unmatched }: MatchRows, writtenIds: WrittenIds) {
  const idOf = (id: number): RecordId => writtenIds.get(id) ?? id;
  return {
    predictions: predictions.map((row) => ({ ...row, truth: row.truth === null ? null : idOf(row.truth) })),
    missed: missed.map(idOf),
    unmatched: unmatched.map(idOf),
  };
}
