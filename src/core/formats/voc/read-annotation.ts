/**
 * One Pascal VOC annotation file. Boxes keep the file's numbers (x = xmin, width = xmax - xmin), unless the corners are
 * said to be otherwise: the official sets count pixels from 1 and include the last one (x = xmin - 1, width = xmax - x).
 */
import { BadInput } from '../../foundation/bad-input';
import type { NamedImage, NamedObject } from '../given-ids';
import { baseName, fileNameProblem, normaliseFileName, stemOf } from '../names';
import type { ReadOptions, RecordReporter } from '../reading';
import type { BoxConvention } from '../conventions/box-convention';
import { conventionFor } from '../conventions/convention';
import { decodeXml } from '../xml-text';
import { parseXml } from '../xml-tree';
import { isOutside } from '../box-checks';
import type { AnnotationFacts, ObjectFacts } from './annotation-facts';
import { factsOfTree } from './annotation-facts';
import { quickFacts } from './quick-facts';

function readObject(
  object: ObjectFacts,
  index: number,
  size: Pick<NamedImage, 'fileName' | 'width' | 'height'>,
  file: string,
  report: RecordReporter,
): NamedObject | null {
  const { name } = object;
  const where = { file, line: object.line, record: index, image: size.fileName };
  if (name === null || name === '') {
    report.leaveOut('object-without-class', 'An object has no name and was left out.', where);
    return null;
  }
  if (object.isDeleted) {
    report.note('object-deleted', 'info', 'Objects that were deleted in LabelMe are not read.', where);
    return null;
  }
  if (object.boxes > 1)
    report.note('boxes-repeated', 'warning', 'An object has several boxes; the first is taken.', where);
  if (object.isOutline)
    report.note('polygons-as-boxes', 'info', 'Polygons are read as the boxes around them.', where);
  const bounds = object.box;
  if (!bounds) {
    report.leaveOut('box-invalid', 'An object has no bndbox and was left out.', where);
    return null;
  }
  if (!bounds.every(Number.isFinite)) {
    report.leaveOut(
      'box-not-finite',
      'A box holds something that is not a finite number; the object was left out.',
      where,
    );
    return null;
  }
  if (bounds[2] < 0 || bounds[3] < 0) {
    report.leaveOut('box-negative', 'A box has its corners swapped; the object was left out.', where);
    return null;
  }
  if (bounds[2] === 0 || bounds[3] === 0)
    report.note('box-without-area', 'warning', 'A box has no area; it is kept and can match nothing.', where);
  if (isOutside(...bounds, size.width, size.height))
    report.note(
      'box-outside-image',
      'warning',
      'A box reaches outside its image; it is kept as it is.',
      where,
    );
  return {
    className: name,
    box: bounds,
    isDifficult: object.isDifficult,
    extra: null,
  };
}

/** Of any annotation file. Throws `BadInput` where it is none. */
function anyFacts(
  bytes: Uint8Array,
  file: string,
  report: RecordReporter,
  convention: BoxConvention,
): AnnotationFacts {
  const { text, isGuessed } = decodeXml(bytes);
  if (isGuessed)
    report.note(
      'text-not-utf8',
      'warning',
      'An annotation file is not in the encoding that it names (UTF-8 where it names none); it was read as Windows-1252.',
      { file },
    );
  const root = parseXml(text, file);
  if (root.name !== 'annotation') {
    throw new BadInput(
      'not-voc',
      `The XML's root is <${root.name}>, not <annotation>.`,
      'Check that it is a Pascal VOC annotation.',
      { file },
    );
  }
  return factsOfTree(root, convention);
}

/**
 * `file`: the XML file; its name gives the image's where it says none itself. With `keepExtra` the whole
 * document is kept, so that exporting changes nothing else in it.
 */
export function readVocAnnotation(
  bytes: Uint8Array,
  file: string,
  report: RecordReporter,
  { keepExtra = false, conventions = {} }: Pick<ReadOptions, 'keepExtra' | 'conventions'>,
): NamedImage {
  const convention = conventionFor('voc', conventions);
  const facts = quickFacts(bytes, convention) ?? anyFacts(bytes, file, report, convention);
  const fileName = imageName(facts, file, report);
  const { width, height } = facts;
  if (width === null || height === null)
    report.note(
      'image-without-size',
      'info',
      'An image has no usable size; it is read from its file where there is one.',
      { file, image: fileName },
    );
  const image = { fileName, width, height };
  const objects: NamedObject[] = [];
  for (const [index, object] of facts.objects.entries()) {
    const read = readObject(object, index, image, file, report);
    if (read) objects.push(keepExtra ? { ...read, extra: String(index) } : read);
  }
  return { ...image, objects, extra: keepExtra ? JSON.stringify({ xml: decodeXml(bytes).text }) : null };
}

function imageName({ fileName, line }: AnnotationFacts, file: string, report: RecordReporter): string {
  const stem = stemOf(file);
  const written = normaliseFileName(fileName ?? '');
  const where = { file, line };
  if (written === '') {
    report.note('name-missing', 'info', 'An annotation names no image; its own name is taken.', where);
    return `${stem}.jpg`;
  }
  const problem = fileNameProblem(written);
  if (problem)
    report.note('name-unsafe', 'warning', `A file name ${problem}; only its last part is used.`, where);
  const name = problem ? baseName(written) : written;
  if (!/\.[A-Za-z0-9]{2,5}$/.test(name)) {
    report.note(
      'name-without-extension',
      'info',
      'An image name has no extension; .jpg is taken where no file tells.',
      where,
    );
    return `${name}.jpg`;
  }
  if (stemOf(name) !== stem)
    report.note(
      'name-differs',
      'info',
      'An annotation file is called otherwise than the image it names.',
      where,
    );
  return name;
}
