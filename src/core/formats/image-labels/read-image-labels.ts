/**
 * Verified labels of whole images: JSON rows `{image_id, category_id, confidence}`, or Open Images' CSV
 * (`ImageID,Source,LabelName,Confidence`).
 */
import Papa from 'papaparse';
import type { ImageLabels, Truth } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { Finding } from '../../foundation/finding';
import { isRecord } from '../extra';
import { imageFinder } from '../join';
import type { ReadOptions } from '../reading';
import { RecordReporter } from '../reading';
import { decodeText } from '../text';

interface Row {
  readonly image: unknown;
  readonly category: unknown;
  readonly confidence: unknown;
  /** From 0, after the header of a CSV. */
  readonly record: number;
}

/** Images join by id or by name, classes by id or by name. Throws `BadInput` where the file is neither form. */
export function readImageLabels(
  bytes: Uint8Array,
  truth: Pick<Truth, 'images' | 'categories'>,
  options: ReadOptions,
): { labels: ImageLabels; findings: readonly Finding[] } {
  const { text } = decodeText(bytes);
  const rows = /^\s*\[/.test(text) ? jsonRows(text, options.file) : csvRows(text, options.file);
  const report = new RecordReporter(options);
  const imageOf = imageIndex(truth);
  const categoryOf = categoryIndex(truth);
  const kept: { image: number; category: number; confidence: number }[] = [];
  for (const { image, category, confidence, record } of rows) {
    const found = { image: imageOf(image), category: categoryOf(category), confidence: Number(confidence) };
    if (found.image === undefined)
      report.leaveOut('image-unknown', 'A label names an image that is not there; it was left out.', {
        record,
      });
    else if (found.category === undefined)
      report.leaveOut('category-unknown', 'A label names a class that is not there; it was left out.', {
        record,
      });
    else if (confidence === null || confidence === '' || !Number.isFinite(found.confidence))
      report.leaveOut('confidence-invalid', 'A label has no usable confidence; it was left out.', { record });
    else kept.push({ image: found.image, category: found.category, confidence: found.confidence });
  }
  return {
    labels: {
      image: Int32Array.from(kept, ({ image }) => image),
      category: Int32Array.from(kept, ({ category }) => category),
      confidence: Float64Array.from(kept, ({ confidence }) => confidence),
    },
    findings: report.list(),
  };
}

function jsonRows(text: string, file: string): Row[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw notLabels(`The file is not valid JSON: ${reason}.`, file);
  }
  if (!Array.isArray(list) || list.some((row) => !isRecord(row) || !('image_id' in row)))
    throw notLabels('The file is not a list of {image_id, category_id, confidence}.', file);
  return (list as Record<string, unknown>[]).map((row, record) => ({
    image: row['image_id'],
    category: row['category_id'],
    confidence: row['confidence'],
    record,
  }));
}

const CSV_COLUMNS = ['imageid', 'labelname', 'confidence'] as const;

function csvRows(text: string, file: string): Row[] {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: true });
  const header = data[0]?.map((name) => name.trim().toLowerCase()) ?? [];
  const [image, category, confidence] = CSV_COLUMNS.map((name) => header.indexOf(name)) as [
    number,
    number,
    number,
  ];
  if (image < 0 || category < 0 || confidence < 0)
    throw notLabels('The file has no columns ImageID, LabelName and Confidence.', file);
  return data.slice(1).map((fields, record) => ({
    image: fields[image],
    category: fields[category],
    confidence: fields[confidence] ?? '',
    record,
  }));
}

function imageIndex({ images }: Pick<Truth, 'images'>): (image: unknown) => number | undefined {
  const byId = new Map(images.map(({ id }, index) => [String(id), index]));
  const byName = imageFinder({ images });
  return (image) =>
    typeof image === 'string' || typeof image === 'number'
      ? (byId.get(String(image)) ?? byName(String(image)))
      : undefined;
}

function categoryIndex({ categories }: Pick<Truth, 'categories'>): (category: unknown) => number | undefined {
  const byId = new Map(categories.map(({ id }, index) => [id, index]));
  const byName = new Map(categories.map(({ name }, index) => [name, index]));
  return (category) => (typeof category === 'number' ? byId.get(category) : byName.get(String(category)));
}

const notLabels = (message: string, file: string): BadInput =>
  new BadInput(
    'not-image-labels',
    message,
    'Give JSON rows image_id, category_id, confidence, or Open Images’ CSV.',
    { file },
  );
