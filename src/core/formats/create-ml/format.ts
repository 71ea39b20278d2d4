/** Create ML's JSON: a list of images with boxes about their centres, in pixels. */
import type { Truth } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { BoxConvention } from '../conventions/box-convention';
import type { ConventionReading } from '../conventions/convention';
import { conventionFor, conventionOf } from '../conventions/convention';
import type { FourTexts } from '../conventions/read-box';
import { boxOfTexts, textsOfBox } from '../conventions/read-box';
import { conventionReading } from '../conventions/witness';
import { exactBox, exactMember } from '../exact-box';
import { parseExtra } from '../extra';
import type { Format, TruthContext } from '../format';
import { keptMembers, listOf, numberOf, readJson, recordOf, textOf } from '../json/read-json';
import { mergeFiles } from '../merge-truths';
import type { Box } from '../named-truth';
import { NamedTruth } from '../named-truth';
import { safeRelativePath } from '../names';
import type { TruthReading } from '../reading';
import { RecordReporter, withConventions } from '../reading';
import { isUsableBox, sizeOrNull, usableName } from '../record-box';
import type { Source } from '../source';
import { rowsByImage } from '../yolo/write-yolo';

/** What the image's name is called: by Apple, and by tools that write for it. */
const NAMES = ['image', 'imagefilename', 'imageURL', 'filename'] as const;
const OF_IMAGE = new Set<string>([...NAMES, 'annotations', 'annotation', 'width', 'height']);
const OF_OBJECT = new Set(['label', 'coordinates', 'xywh']);

const COORDINATES = ['x', 'y', 'width', 'height'] as const;
type Coordinates = Readonly<Record<(typeof COORDINATES)[number], number>>;

/** Create ML lets its users choose another anchor than the centre, and its files do not say which. */
function boxOf(coordinates: Coordinates, convention: BoxConvention): Box {
  const texts = COORDINATES.map((name) => String(coordinates[name])) as unknown as FourTexts;
  return boxOfTexts(texts, convention, NO_SIZE);
}

/** Pixels need none. */
const NO_SIZE = { width: 1, height: 1 };
/** Boxes that start so many pixels outside, and how many of all, are no slip of the hand. */
const OUTSIDE = -1;
const SOME = 0.1;

/** Whether many boxes start outside their image about their centres, as those do whose near corner is given. */
function anchorOf(boxes: readonly Box[]): ConventionReading['suggested'] {
  const outside = boxes.filter(([x, y]) => Math.min(x, y) < OUTSIDE).length;
  if (outside === 0 || outside < boxes.length * SOME) return null;
  return {
    choice: { layout: 'xywh' },
    why: `About their centres ${outside} of ${boxes.length} boxes start outside their images: x and y may be the near corner.`,
  };
}

async function readPart(source: Source, path: string, context: TruthContext): Promise<TruthReading> {
  const file = source.nameOf(path);
  const report = new RecordReporter({ ...context, file });
  const truth = new NamedTruth();
  const choice = context.conventions ?? {};
  const convention = conventionFor('create-ml', choice);
  const boxes: Box[] = [];
  const document = readJson(await source.whole(path), file);
  if (!Array.isArray(document))
    throw new BadInput('not-create-ml', 'The file is no list of images.', 'Check that it is Create ML’s.', {
      file,
    });
  document.forEach((value: unknown, record) => {
    const image = recordOf(value);
    const where = { record };
    const name = usableName(textOf(image[NAMES.find((name) => name in image) ?? 'image']), report, where);
    if (name === null) return;
    const size = { width: sizeOrNull(image['width']), height: sizeOrNull(image['height']) };
    const index = truth.image(
      name,
      size.width,
      size.height,
      context.keepExtra ? keptMembers(image, OF_IMAGE) : null,
    );
    for (const entry of listOf(image['annotations'] ?? image['annotation'])) {
      const object = recordOf(entry);
      const place = { ...where, image: name };
      const className = textOf(object['label']);
      const written = recordOf(object['coordinates']);
      const coordinates = Object.fromEntries(COORDINATES.map((key) => [key, numberOf(written[key])]));
      const box = exactBox(object, boxOf(coordinates as Coordinates, convention));
      if (className === '') {
        report.leaveOut('object-without-class', 'An annotation has no label and was left out.', place);
      } else if (isUsableBox(box, size, report, place)) {
        const extra = context.keepExtra ? keptMembers(object, OF_OBJECT) : null;
        truth.add(index, truth.classOf(className), box, 0, extra);
        boxes.push(box);
      }
    }
  });
  if (truth.imageCount === 0)
    throw new BadInput(
      'truth-without-images',
      'The file has no images that can be used.',
      'Check the file.',
      {
        file,
      },
    );
  const suggested = convention.layout === 'cxcywh' ? anchorOf(boxes) : null;
  return withConventions(
    { truth: truth.finish('create-ml', context.labelMap, report), findings: report.list() },
    conventionReading('create-ml', convention, choice, {}, suggested),
  );
}

function* writeCreateMl(truth: Truth): Generator<string> {
  const { annotations, categories } = truth;
  const convention = conventionOf(truth, 'create-ml');
  const rows = rowsByImage(annotations.image, truth.images.length);
  yield '[';
  for (const [index, { fileName, extra }] of truth.images.entries()) {
    const objects = rows[index]!.map((row) => {
      const box = [...annotations.box.subarray(row * 4, row * 4 + 4)] as unknown as Box;
      const numbers = textsOfBox(box, convention, NO_SIZE).map(Number);
      const coordinates = Object.fromEntries(
        COORDINATES.map((key, at) => [key, numbers[at]!]),
      ) as Coordinates;
      return {
        label: categories[annotations.category[row]!]!.name,
        coordinates,
        ...parseExtra(annotations.extra.get(row) ?? null),
        ...exactMember(box, boxOf(coordinates, convention)),
      };
    });
    const record = { image: fileName, annotations: objects, ...parseExtra(extra) };
    yield `${index > 0 ? ',' : ''}\n${JSON.stringify(record)}`;
  }
  yield '\n]\n';
}

export const createMlFormat: Format = {
  name: 'create-ml',
  title: 'Create ML',
  sniff: ({ text }) =>
    /^\s*\[/.test(text) &&
    /"(?:image(?:filename|URL)?|filename)"\s*:\s*"/.test(text) &&
    /"annotations?"\s*:\s*\[/.test(text) &&
    (/"coordinates"\s*:\s*\{/.test(text) || !/"(?:data|result|completions)"\s*:/.test(text))
      ? { kind: 'truth', why: 'a list of images with annotations that have coordinates' }
      : null,
  async readTruth(source, paths, context) {
    return mergeFiles(source, paths, context, (path) => {
      context.progress.check();
      return readPart(source, path, context);
    });
  },
  truthWriter: {
    layout: 'file',
    extension: '.json',
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
    write: (truth) => [{ path: '', content: writeCreateMl(truth) }],
  },
};
