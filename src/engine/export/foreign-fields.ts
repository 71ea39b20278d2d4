/** Kept fields of one format, as another can hold them. */
import type { Truth } from '../../core/dataset/dataset';
import { isRecord, parseExtra } from '../../core/formats/extra';
import { withCocoMembers } from '../../core/formats/voc/coco-members';

/** Names that mean something of their own in COCO. */
const TAKEN = new Set([
  ...['id', 'image_id', 'category_id', 'bbox', 'area', 'iscrowd', 'difficult', 'group_of', 'ignore'],
  ...['file_name', 'width', 'height', 'subsets', 'segmentation', 'keypoints', 'score', 'name'],
]);

function asMembers(extra: string | null, format: string): string | null {
  if (extra === null) return null;
  const kept: unknown = JSON.parse(extra);
  if (!isRecord(kept)) return JSON.stringify({ [format]: kept });
  const entries = Object.entries(kept).map(([name, value]) => [
    TAKEN.has(name) ? `${format.replaceAll('-', '_')}_${name}` : name,
    value,
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** Subsets become a member of their images. */
function withSubsetMembers(truth: Truth): Truth {
  if (truth.subsets.length === 0) return truth;
  const subsetsOf = truth.images.map((): string[] => []);
  for (const { name, images } of truth.subsets) for (const image of images) subsetsOf[image]!.push(name);
  return {
    ...truth,
    images: truth.images.map((image, index) =>
      subsetsOf[index]!.length === 0
        ? image
        : { ...image, extra: JSON.stringify({ ...parseExtra(image.extra), subsets: subsetsOf[index] }) },
    ),
  };
}

function asCoco(truth: Truth): Truth {
  if (truth.format === 'coco') return withSubsetMembers(truth);
  if (truth.format === 'voc') return withCocoMembers(truth);
  const { format } = truth;
  return withSubsetMembers({
    ...truth,
    images: truth.images.map((image) => ({ ...image, extra: asMembers(image.extra, format) })),
    categories: truth.categories.map((category) => ({
      ...category,
      extra: asMembers(category.extra, format),
    })),
    annotations: {
      ...truth.annotations,
      extra: new Map(
        [...truth.annotations.extra].map(([row, extra]) => [row, asMembers(extra, format)!] as const),
      ),
    },
    extra: asMembers(truth.extra, format),
  });
}

/** Truth with what the target can hold of another format's fields. */
export function withFieldsFor(truth: Truth, format: string): Truth {
  if (format === 'coco') return asCoco(truth);
  if (truth.format === format) return truth;
  return {
    ...truth,
    images: truth.images.map((image) => ({ ...image, extra: null })),
    categories: truth.categories.map((category) => ({ ...category, extra: null })),
    annotations: { ...truth.annotations, extra: new Map<number, string>() },
    extra: null,
  };
}
