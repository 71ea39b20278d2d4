/** The TensorFlow tutorial's CSV, with a `score` column for predictions. */
import type { Format } from '../format';
import { mergeTruths, subsetNameOf } from '../merge-truths';
import { folderOf, safeRelativePath } from '../names';
import { CSV_COLUMNS, isTutorialHeader, readCsvTruth } from './read-csv';
import { readCsvPredictions } from './read-predictions';
import { joinParts } from '../coco/join-parts';
import { writeCsvPredictions, writeCsvTruth } from './write-csv';

const headerOf = (text: string): string[] =>
  text
    .split(/\r?\n|\r/, 1)[0]!
    .split(/[,;\t]/)
    .map((field) => field.replaceAll('"', '').trim().toLowerCase());

export const csvFormat: Format = {
  name: 'csv',
  title: 'CSV (TensorFlow tutorial)',
  sniff({ text }) {
    const header = headerOf(text);
    if (!isTutorialHeader(header)) return null;
    return header.includes('score') || header.includes('confidence')
      ? { kind: 'predictions', why: `a CSV that names ${CSV_COLUMNS.join(', ')} and score` }
      : { kind: 'truth', why: `a CSV that names ${CSV_COLUMNS.join(', ')}` };
  },
  async readTruth(source, paths, context) {
    const parts = [];
    for (const path of paths) {
      const options = { ...context, file: source.nameOf(path) };
      const bytes = await source.whole(path);
      parts.push({ name: subsetNameOf(path), reading: readCsvTruth(bytes, options, context.labelMap) });
      context.progress.check();
    }
    return mergeTruths(parts, paths.map(folderOf), context.labelMap, context);
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
