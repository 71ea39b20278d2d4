import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { noProgress } from '../../src/core/foundation/cancellation';
import { CocoResultsReader, type RawPredictions } from '../../src/core/formats/coco/read-results';
import { Crew } from '../../src/engine/kernels/crew';
import { giveBackColumns } from '../../src/engine/kernels/column-memory';
import { readResultsFile } from '../../src/engine/kernels/results-file';

export function readPlainly(file: string): RawPredictions {
  const reader = new CocoResultsReader({ file });
  reader.push(readFileSync(file));
  return reader.end();
}

export function readColumns(file: string, threads: number | null): Promise<RawPredictions> {
  return readResultsFile(file, noProgress, threads);
}

/** As the engine does when it has joined them. */
export { giveBackColumns };

/** As scoring has it: columns of its records in the kernels' memory, each id a place; nothing is copied out of it. */
export function readForScoring(file: string, threads: number | null): void {
  const handle = openSync(file, 'r');
  try {
    const crew = Crew.of({ file: handle, size: fstatSync(handle).size, extraBytes: 0, threads });
    try {
      crew.openPredictions();
      crew.readPredictions();
    } finally {
      crew.release();
    }
  } finally {
    closeSync(handle);
  }
}
