/** All formats, in the order in which a file is tried against them: the more particular first. */
import type { PredictionsFormat, TruthFormat } from '../dataset/dataset';
import { cocoFormat, cocoResultsFormat } from './coco/format';
import { csvFormat } from './csv/format';
import type { Format, PredictionsWriter, TruthWriter } from './format';
import { vocFormat } from './voc/format';

export const FORMATS: readonly Format[] = [vocFormat, cocoFormat, cocoResultsFormat, csvFormat];

export const formatNamed = (name: string): Format | undefined =>
  FORMATS.find((format) => format.name === name);

export const truthFormats = (): readonly Format[] => FORMATS.filter((format) => 'readTruth' in format);
export const predictionsFormats = (): readonly Format[] =>
  FORMATS.filter((format) => 'readPredictions' in format);

/** Names of formats that can be written. */
export const writableTruthFormats = (): readonly TruthFormat[] =>
  FORMATS.flatMap(({ name, truthWriter }) => (truthWriter ? [name as TruthFormat] : []));
export const writablePredictionsFormats = (): readonly PredictionsFormat[] =>
  FORMATS.flatMap(({ name, predictionsWriter }) => (predictionsWriter ? [name as PredictionsFormat] : []));

export const truthWriterOf = (name: string): TruthWriter | undefined => formatNamed(name)?.truthWriter;
export const predictionsWriterOf = (name: string): PredictionsWriter | undefined =>
  formatNamed(name)?.predictionsWriter;
