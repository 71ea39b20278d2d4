/** All formats, in the order in which a file is tried against them: the more particular first. */
import type { PredictionsFormat, TruthFormat } from '../dataset/dataset';
import { cocoFormat, cocoResultsFormat } from './coco/format';
import { csvFormat } from './csv/format';
import { cvatFormat } from './cvat/format';
import { createMlFormat } from './create-ml/format';
import { darknetFormat } from './darknet/format';
import { kittiFormat } from './kitti/format';
import { labelStudioFormat } from './label-studio/format';
import { labelmeFormat } from './labelme/format';
import { openImagesCsvFormat } from './open-images-csv/format';
import { retinanetCsvFormat } from './retinanet-csv/format';
import { viaFormat } from './via/format';
import { vottFormat } from './vott/format';
import type { Format, PredictionsWriter, TruthWriter } from './format';
import { detectionsTfrecordFormat, tfrecordFormat } from './tfrecord/format';
import { vocFormat } from './voc/format';
import { yoloFormat } from './yolo/format';

export const FORMATS: readonly Format[] = [
  vocFormat,
  cvatFormat,
  labelStudioFormat,
  labelmeFormat,
  viaFormat,
  vottFormat,
  cocoFormat,
  cocoResultsFormat,
  createMlFormat,
  darknetFormat,
  kittiFormat,
  yoloFormat,
  tfrecordFormat,
  detectionsTfrecordFormat,
  csvFormat,
  openImagesCsvFormat,
  retinanetCsvFormat,
];

export const formatNamed = (name: string): Format | undefined =>
  FORMATS.find((format) => format.name === name);

export const truthFormats = (): readonly Format[] =>
  FORMATS.filter((format) => 'readTruth' in format && format.name !== 'detections-tfrecord');
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
