import { readFileSync } from 'node:fs';
import { noProgress } from '../../src/core/foundation/cancellation';
import { CocoResultsReader, type RawPredictions } from '../../src/core/formats/coco/read-results';
import { readResultsFile } from '../../src/engine/kernels/results-file';

export function readPlainly(file: string): RawPredictions {
  const reader = new CocoResultsReader({ file });
  reader.push(readFileSync(file));
  return reader.end();
}

export function readColumns(file: string, threads: number | null): Promise<RawPredictions> {
  return readResultsFile(file, noProgress, threads);
}
