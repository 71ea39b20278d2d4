/** Pascal VOC: `Annotations/*.xml`, `ImageSets/Main/*.txt`. */
import type { Truth } from '../../dataset/dataset';
import { FLAG_DIFFICULT } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import { conventionFor, conventionOf } from '../conventions/convention';
import { CornerWitness, conventionReading } from '../conventions/witness';
import { parseExtra } from '../extra';
import type { Format, TargetFile, TruthContext } from '../format';
import type { RowedImage } from '../given-ids';
import { ObjectColumns, truthOfRows } from '../given-ids';
import { writeLabelMap } from '../label-map/write-label-map';
import { baseName, folderOf, safeRelativePath, stemOf } from '../names';
import { RecordReporter, withConventions } from '../reading';
import type { Source } from '../source';
import { readEach } from '../source';
import { decodeText } from '../text';
import { readVocAnnotation } from './read-annotation';
import { writeVocAnnotation } from './write-annotation';

/** An annotation file and what it says. */
interface AnnotationFile {
  readonly path: string;
  readonly image: RowedImage;
}

const SUBSET_FOLDER = /(?:^|\/)(train|valid|val|test)\/(?:annotations?\/)?[^/]*$/i;
const SUBSET_LIST = /(?:^|\/)ImageSets\/Main\/([^/]+)\.txt$/i;

/** `ImageSets/Main/NAME.txt`: a stem a line; class lists (`cat_train.txt`, with a second column) are not splits. */
async function readSubsets(
  source: Source,
  stemsOfImages: () => ReadonlyMap<string, string>,
  report: RecordReporter,
): Promise<Map<string, string[]>> {
  const subsets = new Map<string, string[]>();
  let stems: ReadonlyMap<string, string> | null = null;
  for (const path of source.paths) {
    const name = SUBSET_LIST.exec(path)?.[1];
    if (name === undefined) continue;
    stems ??= stemsOfImages();
    const known = stems;
    const lines = decodeText(await source.whole(path))
      .text.split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    if (lines.some((line) => /\s-?[01]$/.test(line))) continue;
    const files = lines.flatMap((line) => known.get(line) ?? known.get(stemOf(line)) ?? []);
    if (files.length < lines.length)
      report.note(
        'subset-without-annotation',
        'info',
        `${name}.txt lists images without an annotation file.`,
        { file: source.nameOf(path) },
        lines.length - files.length,
      );
    subsets.set(name, [...new Set(files)]);
  }
  return subsets;
}

/** Of folders that are called so, as Roboflow exports them: subsets where no list says any. */
function subsetsByFolder(files: readonly AnnotationFile[]): Map<string, string[]> {
  const subsets = new Map<string, string[]>();
  let last = '';
  let name = SUBSET_FOLDER.exec(last)?.[1];
  for (const { path, image } of files) {
    const folder = folderOf(path);
    if (folder !== last) name = SUBSET_FOLDER.exec(folder)?.[1];
    last = folder;
    if (name === undefined) continue;
    const members = subsets.get(name) ?? [];
    members.push(image.fileName);
    subsets.set(name, members);
  }
  return subsets;
}

/** Images of one name in several folders are several images: they keep the folders of their annotation files. */
function toldApart(files: readonly AnnotationFile[]): readonly AnnotationFile[] {
  const folders = new Map<string, string>();
  const inSeveral = new Set<string>();
  for (const { path, image } of files) {
    const folder = folderOf(path);
    const known = folders.get(image.fileName);
    if (known === undefined) folders.set(image.fileName, folder);
    else if (known !== folder) inSeveral.add(image.fileName);
  }
  if (inSeveral.size === 0) return files;
  return files.map(({ path, image }) => {
    if (!inSeveral.has(image.fileName)) return { path, image };
    const folder = folderOf(path).replace(/^annotations?\//i, '');
    return { path, image: { ...image, fileName: folder + image.fileName } };
  });
}

/** The files' annotations, and what their corners say of their convention. */
async function readFiles(
  source: Source,
  paths: readonly string[],
  context: TruthContext,
  report: RecordReporter,
) {
  const files: AnnotationFile[] = [];
  const objects = new ObjectColumns();
  const choice = context.conventions ?? {};
  const convention = conventionFor('voc', choice);
  const witness = new CornerWitness();
  await readEach(source, paths, context.progress, (bytes, path) => {
    const image = readVocAnnotation(bytes, source.nameOf(path), report, context);
    for (const { box } of image.objects) witness.see(box, convention, image.width, image.height);
    files.push({ path, image: objects.add(image) });
  });
  const { told, suggested } = witness.conclude();
  return { files, objects, conventions: conventionReading('voc', convention, choice, told, suggested) };
}

/** Several files of one image: the last counts. */
function withoutRepeated(images: readonly RowedImage[], report: RecordReporter): readonly RowedImage[] {
  const unique = new Map(images.map((image) => [image.fileName, image]));
  if (unique.size === images.length) return images;
  report.note(
    'image-repeated',
    'warning',
    'Several annotation files name the same image; the last is taken.',
    {},
    images.length - unique.size,
  );
  return [...unique.values()];
}

/** File names of images by what lists call them. */
function stemsOf(
  images: readonly RowedImage[],
  files: readonly AnnotationFile[],
): ReadonlyMap<string, string> {
  const stems = new Map(images.map(({ fileName }) => [stemOf(fileName), fileName]));
  // A subset lists the annotation files' stems; where an image is named otherwise its own stem does not tell.
  for (const { path, image } of files) stems.set(stemOf(path), image.fileName);
  return stems;
}

function* writeVoc(truth: Truth): Generator<TargetFile> {
  const { annotations, categories, images } = truth;
  const convention = conventionOf(truth, 'voc');
  const rows = images.map((): number[] => []);
  annotations.image.forEach((image, row) => rows[image]!.push(row));
  for (const [index, image] of images.entries()) {
    const objects = rows[index]!.map((row) => ({
      className: categories[annotations.category[row]!]!.name,
      box: annotations.box.subarray(row * 4, row * 4 + 4) as unknown as readonly [
        number,
        number,
        number,
        number,
      ],
      isDifficult: (annotations.flags[row]! & FLAG_DIFFICULT) !== 0,
      place: truth.format === 'voc' && annotations.extra.has(row) ? Number(annotations.extra.get(row)) : null,
    }));
    const isVoc = truth.format === 'voc' && 'xml' in parseExtra(image.extra);
    yield {
      path: `Annotations/${stemOf(safeRelativePath(image.fileName))}.xml`,
      content: [writeVocAnnotation({ ...image, extra: isVoc ? image.extra : null }, objects, convention)],
    };
  }
  for (const { name, images: members } of truth.subsets) {
    yield {
      path: `ImageSets/Main/${stemOf(safeRelativePath(`${name}.txt`))}.txt`,
      content: [[...members].map((index) => `${stemOf(images[index]!.fileName)}\n`).join('')],
    };
  }
  yield { path: 'label_map.pbtxt', content: [writeLabelMap(categories)] };
}

export const vocFormat: Format = {
  name: 'voc',
  title: 'Pascal VOC',
  sniff: ({ text }) =>
    /^\s*<(\?xml|!--|annotation)/.test(text) && /<annotation[\s>]/.test(text)
      ? { kind: 'truth', why: 'XML with an annotation root' }
      : null,
  async readTruth(source, paths, context) {
    const report = new RecordReporter(context);
    if (paths.length === 0)
      throw new BadInput(
        'not-voc',
        `There are no XML files in ${source.name}.`,
        'Give the folder that holds Annotations.',
        { file: source.name },
      );
    const { files: read, objects, conventions } = await readFiles(source, paths, context, report);
    const files = toldApart(read);
    if (conventions.suggested?.choice.origin === 1)
      report.note(
        'voc-looks-official',
        'info',
        'Boxes start at 1 and end at the last pixel of their image, as in the official VOC sets, whose corners count pixels from 1. They are read as edges from 0, unless they are said to be official corners.',
      );
    const images = withoutRepeated(
      files.map(({ image }) => image),
      report,
    );
    const listed = await readSubsets(source, () => stemsOf(images, files), report);
    const subsets = listed.size > 0 ? listed : subsetsByFolder(files);
    const truth = truthOfRows('voc', images, objects, context.labelMap, subsets, report);
    return withConventions({ truth, findings: report.list() }, conventions);
  },
  truthWriter: {
    layout: 'folder',
    extension: '',
    expresses: {
      flags: FLAG_DIFFICULT,
      area: false,
      subsets: true,
      emptyClasses: true,
      repeatedClassNames: false,
      needsSizes: false,
      fileByStem: true,
    },
    imagePath: (truth, image) => `JPEGImages/${baseName(safeRelativePath(truth.images[image]!.fileName))}`,
    write: writeVoc,
  },
};
