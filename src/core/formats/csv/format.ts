/** The TensorFlow tutorial's CSV, with a `score` column for predictions. */
import type { Format } from '../format';
import { mergeFiles } from '../merge-truths';
import { safeRelativePath } from '../names';
import { CSV_COLUMNS, columnsOf, withoutSeparatorLine } from './columns';
import { readCsvTruth } from './read-csv';
import { readCsvPredictions } from './read-predictions';
import { joinParts } from '../coco/join-parts';
import { writeCsvPredictions, writeCsvTruth } from './write-csv';

const headerOf = (text: string): string[] =>
  withoutSeparatorLine(text)
    .split(/\r?\n|\r/, 1)[0]!
    .split(/[,;\t]/)
    .map((field) => field.replaceAll('"', '').trim().toLowerCase());

export const csvFormat: Format = {
  name: 'csv',
  title: 'CSV (TensorFlow tutorial)',
  sniff({ text }) {
    const header = headerOf(text);
    const columns = columnsOf(header);
    if (!columns) return null;
    const named = CSV_COLUMNS.flatMap((column) => header[columns.places[column]] ?? []).join(', ');
    return header.includes('score') || header.includes('confidence')
      ? { kind: 'predictions', why: `a CSV that names ${named} and score` }
      : { kind: 'truth', why: `a CSV that names ${named}` };
  },
  async readTruth(source, paths, context) {
    return mergeFiles(source, paths, context, async (path) => {
      context.progress.check();
      const options = { ...context, file: source.nameOf(path) };
      return readCsvTruth(await source.whole(path), options, context.labelMap);
    });
  },
  async readPredictions(source, paths, context) {
    const parts = [];
    for (const path of paths) {
      parts.push(await readCsvPredictions(source, path, context));
    }
    return joinParts(parts);
  },
  truthWriter: {
    layout: 'file',
    extension: '.csv',
    expresses: {
      flags: 0,
      area: false,
      subsets: false,
      emptyClasses: false,
      repeatedClassNames: false,
      needsSizes: false,
      fileByStem: false,
    },
    imagePath: (truth, image) => safeRelativePath(truth.images[image]!.fileName),
    write: (truth) => [{ path: '', content: [writeCsvTruth(truth)] }],
  },
  predictionsWriter: {
    layout: 'file',
    needsSizes: false,
    write: (truth, predictions) => [{ path: '', content: [writeCsvPredictions(truth, predictions)] }],
  },
};
