/** keras-retinanet's CSV: rows `path,x1,y1,x2,y2,class` without a header, and classes as `name,id` counted from 0. */
import type { Truth } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import { harmless } from '../csv/write-csv';
import type { CsvFacts } from '../csv/rows';
import { firstRow, noteFacts, readName, readRows, withPoint } from '../csv/rows';
import { conventionFor, conventionOf } from '../conventions/convention';
import { boxOfTexts, textsOfBox } from '../conventions/read-box';
import { CornerWitness, conventionReading } from '../conventions/witness';
import { parseDecimal } from '../decimal';
import type { Format, TargetFile, TruthContext } from '../format';
import { mergeFiles } from '../merge-truths';
import type { Box } from '../named-truth';
import { NamedTruth } from '../named-truth';
import { safeRelativePath } from '../names';
import type { TruthReading } from '../reading';
import { RecordReporter, withConventions } from '../reading';
import { isUsableBox, usableName } from '../record-box';
import { nameBeside } from '../relative-names';
import type { Source } from '../source';
import { rowsByImage } from '../yolo/write-yolo';

/** Pixels need none. */
const NO_SIZE = { width: 1, height: 1 };

const isNumber = (text: string): boolean => Number.isFinite(parseDecimal(text));

const isRow = (fields: readonly string[]): boolean =>
  fields.length === 6 &&
  /\.[A-Za-z0-9]{2,5}"?$/.test(fields[0]!.trim()) &&
  (fields.slice(1, 5).every(isNumber) || fields.slice(1).every((field) => field.trim() === ''));

const CLASSES = /class[^/]*\.csv$/i;

/** Names of classes in their order, from a file `name,id` beside. */
async function classesOf(source: Source, context: TruthContext): Promise<string[] | null> {
  const near = source.paths.filter((path) => CLASSES.test(path));
  for (const path of near) {
    const names: string[] = [];
    const list = { isWhole: true };
    await readRows(source, path, context.progress, (fields) => {
      const id = parseDecimal(fields[1] ?? '');
      if (fields.length !== 2 || !Number.isSafeInteger(id) || id < 0 || id > 1_000_000) list.isWhole = false;
      else names[id] = readName(fields[0]!);
    });
    if (list.isWhole && names.length > 0)
      return Array.from(names, (name, id) => (name as string | undefined) ?? String(id));
  }
  return null;
}

async function readPart(
  source: Source,
  path: string,
  classes: readonly string[] | null,
  context: TruthContext,
): Promise<TruthReading> {
  const file = source.nameOf(path);
  const report = new RecordReporter({ ...context, file });
  const truth = new NamedTruth();
  classes?.forEach((name, number) => truth.classOf(name, number + 1));
  const numberOf = new Map(classes?.map((name, number) => [name, number + 1]));
  let record = 0;
  const choice = context.conventions ?? {};
  const convention = conventionFor('retinanet-csv', choice);
  const witness = new CornerWitness();
  const add = (fields: readonly string[], line: number, facts: CsvFacts): void => {
    const where = { record: record++, line };
    if (fields.length < 6) {
      report.leaveOut('record-invalid', 'A row does not have six fields and was left out.', where);
      return;
    }
    const written = usableName(readName(fields[0]!), report, where);
    if (written === null) return;
    const name = nameBeside(path, written);
    const image = truth.image(name, null, null);
    const texts = fields.slice(1, 5).map((text) => withPoint(text.trim(), facts)) as [
      string,
      string,
      string,
      string,
    ];
    const className = readName(fields[5]!);
    if (texts.every((text) => text === '') && className === '') return;
    const place = { ...where, image: name };
    if (className === '') {
      report.leaveOut('object-without-class', 'A row has no class and was left out.', place);
      return;
    }
    const box = boxOfTexts(texts, convention, NO_SIZE);
    if (!isUsableBox(box, { width: null, height: null }, report, place)) return;
    witness.see(box, convention, null, null);
    truth.add(image, truth.classOf(className, numberOf.get(className) ?? null), box);
  };
  noteFacts(report, await readRows(source, path, context.progress, add), file);
  if (truth.imageCount === 0)
    throw new BadInput(
      'truth-without-images',
      'The file has no rows that can be used.',
      'Check its columns.',
      { file },
    );
  return withConventions(
    { truth: truth.finish('retinanet-csv', context.labelMap, report), findings: report.list() },
    conventionReading('retinanet-csv', convention, choice, witness.conclude().told),
  );
}

function* rowsOf(truth: Truth): Generator<string> {
  const { annotations, categories } = truth;
  const convention = conventionOf(truth, 'retinanet-csv');
  const rows = rowsByImage(annotations.image, truth.images.length);
  const quoted = (text: string): string => {
    const safe = harmless(text);
    return /[",;\r\n\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  for (const [index, { fileName }] of truth.images.entries()) {
    if (rows[index]!.length === 0) yield `${quoted(fileName)},,,,,\n`;
    for (const row of rows[index]!) {
      const box = annotations.box.subarray(row * 4, row * 4 + 4) as unknown as Box;
      const name = quoted(categories[annotations.category[row]!]!.name);
      yield `${quoted(fileName)},${textsOfBox(box, convention, NO_SIZE).join(',')},${name}\n`;
    }
  }
}

function* writeRetinanet(truth: Truth): Generator<TargetFile> {
  yield { path: 'annotations.csv', content: rowsOf(truth) };
  const quoted = (name: string): string => {
    const safe = harmless(name);
    return /[",;\r\n\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const classes = truth.categories.map(({ name }, number) => `${quoted(name)},${number}\n`);
  yield { path: 'classes.csv', content: [classes.join('')] };
}

export const retinanetCsvFormat: Format = {
  name: 'retinanet-csv',
  title: 'CSV (keras-retinanet)',
  companions: CLASSES,
  sniff: ({ text }) =>
    isRow(firstRow(text))
      ? { kind: 'truth', why: 'rows of path, x1, y1, x2, y2, class without a header' }
      : null,
  async readTruth(source, paths, context) {
    const classes = await classesOf(source, context);
    return mergeFiles(source, paths, context, (path) => readPart(source, path, classes, context));
  },
  truthWriter: {
    layout: 'folder',
    extension: '',
    expresses: {
      flags: 0,
      area: false,
      subsets: false,
      emptyClasses: true,
      repeatedClassNames: false,
      needsSizes: false,
      fileByStem: false,
    },
    imagePath: (truth, image) => safeRelativePath(truth.images[image]!.fileName),
    write: writeRetinanet,
  },
};
