/** COCO: the dataset's JSON, and lists of results. */
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF, FLAG_IGNORE } from '../../dataset/dataset';
import type { FileHead, Format, Sniffed } from '../format';
import { mergeFiles } from '../merge-truths';
import { safeRelativePath } from '../names';
import { resultsInLayout, truthInLayout } from './box-layout';
import { joinParts } from './join-parts';
import { CocoResultsReader } from './read-results';
import { CocoTruthReader } from './read-truth';
import { writeCocoResults } from './write-results';
import { writeCocoTruth } from './write-truth';

const hasMember = (text: string, name: string): boolean => new RegExp(`"${name}"\\s*:`).test(text);

function sniffTruth({ text }: FileHead): Sniffed | null {
  const start = text.trimStart();
  // SageMaker's manifests are objects with annotations too, one a line.
  if (!start.startsWith('{') || hasMember(start, 'source-ref')) return null;
  if (/"(images|annotations|categories)"\s*:\s*\[/.test(start))
    return { kind: 'truth', why: 'an object with images, annotations, categories' };
  if (hasMember(start, 'image_id') && hasMember(start, 'score')) return null;
  if (hasMember(start, 'info') || hasMember(start, 'licenses'))
    return { kind: 'truth', why: 'an object with info and licenses, as COCO files start' };
  return null;
}

function sniffResults({ text, isWhole }: FileHead): Sniffed | null {
  const start = text.trimStart();
  if (start.startsWith('[')) {
    if (isWhole && /^\[\s*\]\s*$/.test(start))
      return { kind: 'predictions', why: 'an empty list of results' };
    return hasMember(start, 'image_id') || hasMember(start, 'category_id')
      ? { kind: 'predictions', why: 'a list of records with image_id, category_id' }
      : null;
  }
  return start.startsWith('{') && hasMember(start, 'image_id') && hasMember(start, 'score')
    ? { kind: 'predictions', why: 'one record with image_id and score a line' }
    : null;
}

export const cocoFormat: Format = {
  name: 'coco',
  title: 'COCO JSON',
  sniff: sniffTruth,
  async readTruth(source, paths, context) {
    // Beside `instances_*.json` COCO has captions and keypoints of the same images, in files of the same form.
    const instances = paths.filter((path) => /(?:^|\/)instances_[^/]*$/.test(path));
    const chosen = instances.length > 0 ? instances : paths;
    const reading = await mergeFiles(source, chosen, context, async (path) => {
      const reader = new CocoTruthReader({ ...context, file: source.nameOf(path) });
      for await (const piece of source.pieces(path, context.progress)) reader.push(piece);
      return reader.end();
    });
    return truthInLayout(reading, context.conventions ?? {}, context.file);
  },
  truthWriter: {
    layout: 'file',
    extension: '.json',
    expresses: {
      flags: FLAG_CROWD | FLAG_DIFFICULT | FLAG_GROUP_OF | FLAG_IGNORE,
      area: true,
      subsets: true,
      emptyClasses: true,
      repeatedClassNames: true,
      needsSizes: false,
      fileByStem: false,
    },
    imagePath: (truth, image) => safeRelativePath(truth.images[image]!.fileName),
    write: (truth) => [{ path: '', content: writeCocoTruth(truth) }],
  },
};

export const cocoResultsFormat: Format = {
  name: 'coco-results',
  title: 'COCO results',
  sniff: sniffResults,
  async readPredictions(source, paths, context) {
    const parts = [];
    for (const path of paths) {
      const reader = new CocoResultsReader({ ...context, file: source.nameOf(path) });
      for await (const piece of source.pieces(path, context.progress)) reader.push(piece);
      parts.push(reader.end());
    }
    return resultsInLayout(joinParts(parts), context.conventions ?? {}, context.file);
  },
  predictionsWriter: {
    layout: 'file',
    needsSizes: false,
    write: (truth, predictions) => [{ path: '', content: writeCocoResults(truth, predictions) }],
  },
};
