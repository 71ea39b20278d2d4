/** YOLO as Ultralytics has it: `data.yaml` and a text file an image. */
import type { Format, Surveyed } from '../format';
import { headOf } from '../head';
import { safeRelativePath } from '../names';
import type { Source } from '../source';
import { IMAGE_NAME } from '../source';
import { columnsOfLabels } from './label-lines';
import { labelPaths } from './layout';
import { readYoloPredictions } from './read-predictions';
import { findDataYaml, readYolo } from './read-yolo';
import { homesOf, placeOf, writeYolo, writeYoloPredictions } from './write-yolo';

const MOST_LOOKED_INTO = 200;

async function survey(source: Source): Promise<Surveyed | null> {
  const paths = labelPaths(source);
  const found = await findDataYaml(source).catch(() => ({ path: 'data.yaml' }));
  let columns: number | null = null;
  let isOther = false;
  for (const path of paths.slice(0, MOST_LOOKED_INTO)) {
    const { text, isWhole } = await headOf(source, path);
    if (text.trim() === '') continue;
    columns = columnsOfLabels(text, isWhole);
    if (columns !== null) break;
    isOther = true;
  }
  const inFolder = paths.some((path) => /(?:^|\/)labels\//.test(path));
  if (columns === null) {
    // Labels of images without objects are empty.
    const hasImages = source.paths.some((path) => IMAGE_NAME.test(path));
    if (!found || (isOther && !inFolder) || (!hasImages && paths.length === 0)) return null;
    return { kind: 'truth', why: `${found.path} with names of classes`, paths };
  }
  const isPredictions = columns === 6;
  const where = inFolder ? ' in labels' : '';
  const what = isPredictions ? 'class, four shares and a confidence' : 'class and four shares';
  return {
    kind: isPredictions ? 'predictions' : 'truth',
    why: `text files of ${what} a line${where}${found ? `, and ${found.path}` : ''}`,
    paths,
  };
}

export const yoloFormat: Format = {
  name: 'yolo',
  title: 'YOLO (Ultralytics)',
  sniff({ path, text, isWhole }) {
    const columns = /\.txt$/i.test(path) ? columnsOfLabels(text, isWhole) : null;
    if (columns === null) return null;
    return columns === 6
      ? { kind: 'predictions', why: 'lines of class, four shares and a confidence' }
      : { kind: 'truth', why: 'lines of class and four shares' };
  },
  survey,
  readTruth: readYolo,
  readPredictions: readYoloPredictions,
  truthWriter: {
    layout: 'folder',
    extension: '',
    expresses: {
      flags: 0,
      area: false,
      subsets: true,
      emptyClasses: true,
      repeatedClassNames: true,
      needsSizes: true,
      namesArePaths: true,
      fileByStem: false,
    },
    losses: (truth) => [
      [
        'names-collide',
        'yolo keeps one file a name: images that differ in their extension alone collide.',
        truth.images.length -
          new Set(truth.images.map(({ fileName }) => safeRelativePath(fileName).replace(/\.[^./]+$/, '')))
            .size,
      ],
    ],
    imagePath: (truth, image) => `images/${placeOf(homesOf(truth)[image]!, truth.images[image]!.fileName)}`,
    write: writeYolo,
  },
  predictionsWriter: { layout: 'folder', needsSizes: true, write: writeYoloPredictions },
};
