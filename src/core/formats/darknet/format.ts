/** YOLO as Darknet has it: `obj.data`, `obj.names`, lists of images, and labels beside the images. */
import type { Truth } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import { conventionFor, conventionOf } from '../conventions/convention';
import { conventionReading } from '../conventions/witness';
import type { Format, TargetFile, TruthContext } from '../format';
import { imageFinder } from '../join';
import { LineEnds, endsInLine, noteOpenEnd } from '../line-ends';
import { NamedTruth } from '../named-truth';
import { baseName, folderOf as folderIn, normaliseFileName, safeRelativePath } from '../names';
import type { TruthReading } from '../reading';
import { RecordReporter, withConventions } from '../reading';
import { isUsableBox, leaveOutWithoutSize, usableName } from '../record-box';
import type { Source } from '../source';
import { IMAGE_NAME } from '../source';
import { decodeText } from '../text';
import type { LabelLine, LineRules } from '../yolo/label-lines';
import { boxOfLine, labelLines, witnessOf } from '../yolo/label-lines';
import { endsOf, exchanged, imagesByStem, withPlainFolders, withoutExtension } from '../yolo/layout';
import { homesOf, linesOf, placeOf, rowsByImage } from '../yolo/write-yolo';

const linesOfText = (text: string): string[] =>
  text
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The longest end of a written path that is a file of the source. */
const pathIn = (paths: ReadonlySet<string>, written: string): string | null =>
  endsOf(written).find((path) => paths.has(path)) ?? null;

/** Where an image lies that a list names: by its path, or as the only one of its name where the list says no folder. */
function imageFiles(paths: ReadonlySet<string>): (written: string) => string | null {
  const byName = new Map<string, string | null>();
  for (const path of paths) {
    const name = baseName(path);
    if (IMAGE_NAME.test(name)) byName.set(name, byName.has(name) ? null : path);
  }
  return (written) =>
    pathIn(paths, written) ?? (folderIn(written) === '' ? (byName.get(written) ?? null) : null);
}

/** Folders of images for which Darknet itself looks into `labels/`. */
const IMAGE_FOLDERS = ['images', 'Images', 'JPEGImages'] as const;

/** Beside the image, or where Darknet itself looks: in `labels/` instead of `images/` or `JPEGImages/`. */
function labelOf(paths: ReadonlySet<string>, image: string): string | null {
  const label = `${withoutExtension(image)}.txt`;
  const others = IMAGE_FOLDERS.map((folder) => exchanged(label, folder, 'labels'));
  for (const written of [label, ...others]) {
    const path = pathIn(paths, written);
    if (path !== null) return path;
  }
  return null;
}

const dataFile = (source: Source): string | null =>
  source.paths.find((path) => /\.data$/i.test(path)) ?? null;

/** `key = value` lines. */
async function settingsOf(source: Source): Promise<Map<string, string> | null> {
  const path = dataFile(source);
  if (path === null) return null;
  const settings = linesOfText(decodeText(await source.whole(path)).text).flatMap((line) => {
    const [, key, value] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    return key !== undefined && value !== undefined ? [[key, value] as const] : [];
  });
  return new Map(settings);
}

/** Below the folder of its split: `obj_train_data/sub/a.jpg` is `sub/a.jpg`. */
const nameOf = (path: string): string =>
  path.replace(/^(?:.*\/)?obj_[^/]+_data\//, '').replace(/^data\//, '');

/** Label files beside their image, or beside labels that were read, of which no list knows: lists may have been cut off. */
function noteUnlisted(
  source: Source,
  used: ReadonlySet<string>,
  lists: readonly { readonly list: string }[],
  report: RecordReporter,
): void {
  const images = imagesByStem(source.paths);
  const folders = new Set([...used].map(folderIn));
  const known = new Set([...used, ...lists.map(({ list }) => list)]);
  const isOfImage = (path: string): boolean => {
    const stem = withPlainFolders(withoutExtension(path));
    return [stem, ...IMAGE_FOLDERS.map((folder) => exchanged(stem, 'labels', folder))].some((one) =>
      images.has(one),
    );
  };
  const unlisted = source.paths.filter(
    (path) =>
      /\.txt$/i.test(path) &&
      !known.has(path) &&
      (isOfImage(path) || (folderIn(path) !== '' && folders.has(folderIn(path)))),
  );
  if (unlisted.length > 0)
    report.note(
      'labels-not-listed',
      'info',
      'Label files whose images no list names are not read.',
      { file: source.nameOf(unlisted[0]!) },
      unlisted.length,
    );
}

async function readDarknet(
  source: Source,
  _: readonly string[],
  context: TruthContext,
): Promise<TruthReading> {
  const report = new RecordReporter(context);
  const truth = new NamedTruth();
  const paths = new Set(source.paths);
  const settings = await settingsOf(source);
  const namesPath = settings?.get('names') ? pathIn(paths, settings.get('names')!) : null;
  if (!settings || namesPath === null)
    throw new BadInput(
      'not-darknet',
      'There is no obj.data with names of classes.',
      'Check the folder.',
      context,
    );
  const namesText = decodeText(await source.whole(namesPath)).text;
  if (!endsInLine(namesText)) noteOpenEnd(report, source.nameOf(namesPath));
  const names = namesText.split(/\r\n|\n|\r/).map((name) => name.trim());
  while (names.at(-1) === '') names.pop();
  const classes = names.map((name, number) => truth.classOf(name, number + 1));
  const rules: LineRules = {
    classes: names.length,
    hasKeyPoints: false,
    convention: conventionFor('darknet', context.conventions),
  };
  const read: LabelLine[][] = [];
  const lists = [...settings].flatMap(([key, value]) => {
    const list = /\.txt$/i.test(value) ? pathIn(paths, value) : null;
    return list === null ? [] : [{ subset: key === 'valid' ? 'val' : key, list }];
  });
  // A dataset that is not split names one list for all.
  const isSplit = lists.length < 2 || new Set(lists.map(({ list }) => list)).size > 1;
  const given = await context.images.names();
  const find = imageFinder({
    images: given.map((fileName) => ({ ...{ id: 0, fileName, width: null, height: null, extra: null } })),
  });
  let unsized = 0;
  const ends = new LineEnds();
  const used = new Set<string>();
  const placeOfImage = imageFiles(paths);
  for (const { subset, list } of lists) {
    const listText = decodeText(await source.whole(list)).text;
    if (!endsInLine(listText)) noteOpenEnd(report, source.nameOf(list));
    for (const line of linesOfText(listText)) {
      context.progress.check();
      const listed = normaliseFileName(line);
      const written = placeOfImage(listed) ?? listed;
      const found = context.images.isGiven ? find(nameOf(written)) : undefined;
      const named = found === undefined ? nameOf(written) : given[found]!;
      const name = usableName(named, report, { file: source.nameOf(list) });
      if (name === null) continue;
      const isKnown = truth.indexOf(name) !== undefined;
      const size = await context.images.sizeOf(
        context.images.isGiven || !paths.has(written) ? name : written,
      );
      const image = truth.image(name, size?.width ?? null, size?.height ?? null);
      if (isSplit) truth.putInto(subset, image);
      const label = isKnown ? null : labelOf(paths, written);
      if (label === null) {
        if (!isKnown && size === null)
          report.note(
            'image-without-file',
            'warning',
            'A list names an image of which there is neither the image nor a label file.',
            { file: source.nameOf(list), image: name },
          );
        continue;
      }
      const file = source.nameOf(label);
      const { text } = decodeText(await source.whole(label));
      ends.add(text, file);
      used.add(label);
      const rows = labelLines(text, file, rules, report);
      read.push(rows);
      if (rows.length > 0 && size === null) {
        unsized++;
        leaveOutWithoutSize(report, { file, image: name }, rows.length);
        continue;
      }
      for (const row of rows) {
        const box = boxOfLine(row, size!, rules, file, report);
        if (box && isUsableBox(box, size!, report, { file, line: row.line, image: name }))
          truth.add(image, classes[row.number]!, box);
      }
    }
  }
  ends.report(report);
  noteUnlisted(source, used, lists, report);
  if (truth.imageCount === 0)
    throw new BadInput('truth-without-images', 'The lists name no images.', 'Check the folder.', context);
  if (unsized > 0 && truth.annotationCount === 0)
    throw new BadInput(
      'sizes-needed',
      'YOLO boxes are shares of their images, and none of the images was found.',
      'Give the folder of the images with --images.',
      context,
    );
  const { told, suggested } = witnessOf(read).conclude();
  return withConventions(
    { truth: truth.finish('darknet', context.labelMap, report), findings: report.list() },
    conventionReading('darknet', rules.convention, context.conventions ?? {}, told, suggested),
  );
}

const keyOf = (subset: string): string =>
  subset === 'val' ? 'valid' : safeRelativePath(subset).replace(/\W/g, '_');
const folderOf = (subset: string): string => `obj_${keyOf(subset)}_data`;

function imagePath(truth: Truth, image: number): string {
  const home = homesOf(truth)[image] ?? 'train';
  return `${folderOf(home)}/${placeOf(null, truth.images[image]!.fileName)}`;
}

function* writeDarknet(truth: Truth): Generator<TargetFile> {
  const subsets =
    truth.subsets.length > 0
      ? truth.subsets
      : [{ name: 'train', images: Int32Array.from(truth.images.keys()) }];
  const keys =
    truth.subsets.length > 0
      ? subsets.map(({ name }) => [keyOf(name), keyOf(name)])
      : [
          ['train', 'train'],
          ['valid', 'train'],
        ];
  const lines = keys.map(([key, list]) => `${key} = data/${list}.txt\n`).join('');
  const data = `classes = ${truth.categories.length}\n${lines}names = data/obj.names\nbackup = backup/\n`;
  yield { path: 'obj.data', content: [data] };
  yield {
    path: 'obj.names',
    content: [truth.categories.map(({ name }) => `${name.replace(/[\r\n]/g, ' ')}\n`).join('')],
  };
  for (const { name, images } of subsets)
    yield {
      path: `${keyOf(name)}.txt`,
      content: [[...images].map((image) => `data/${imagePath(truth, image)}\n`).join('')],
    };
  const rows = rowsByImage(truth.annotations.image, truth.images.length);
  for (const [index, image] of truth.images.entries())
    yield {
      path: `${withoutExtension(imagePath(truth, index))}.txt`,
      content: [linesOf(truth.annotations, rows[index]!, image, conventionOf(truth, 'darknet'))],
    };
}

export const darknetFormat: Format = {
  name: 'darknet',
  title: 'YOLO (Darknet)',
  sniff: () => null,
  async survey(source) {
    const path = dataFile(source);
    if (path === null || !(await settingsOf(source))?.has('names')) return null;
    return { kind: 'truth', why: `${path} with names of classes and lists of images`, paths: [path] };
  },
  readTruth: readDarknet,
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
        'images-lost',
        'darknet lists images by subset: those in none are not listed.',
        truth.subsets.length === 0 ? 0 : homesOf(truth).filter((home) => home === null).length,
      ],
      [
        'names-changed',
        'darknet cannot hold line breaks in names of classes.',
        truth.categories.filter(({ name }) => /[\r\n]/.test(name)).length,
      ],
    ],
    imagePath,
    write: writeDarknet,
  },
};
