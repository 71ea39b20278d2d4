/**
 * Projects of VIA 3: files, views of one file each, and metadata that lie on a view, with a shape as `[kind, numbers...]`
 * and attributes by number. Given in the form that the second version has.
 */
import { isRecord } from '../extra';
import { listOf, numberOf, recordOf, textOf } from '../json/read-json';

type Members = Readonly<Record<string, unknown>>;

/** Of an image; others are films and sound. */
const IMAGE = 2;

export const isThirdVersion = (document: Members): boolean =>
  isRecord(document['metadata']) && isRecord(document['file']) && isRecord(document['view']);

const polygonOf = (numbers: readonly number[]): Members => ({
  name: 'polygon',
  all_points_x: numbers.filter((_, at) => at % 2 === 0),
  all_points_y: numbers.filter((_, at) => at % 2 === 1),
});

/** By the number of their kind; points, lines and circles of three points are none. */
const SHAPES: Readonly<Record<number, (numbers: readonly number[]) => Members>> = {
  2: ([x, y, width, height]) => ({ name: 'rect', x, y, width, height }),
  3: ([cx, cy, r]) => ({ name: 'circle', cx, cy, r }),
  4: ([cx, cy, rx, ry]) => ({ name: 'ellipse', cx, cy, rx, ry }),
  6: polygonOf,
  7: polygonOf,
  // A rectangle by the outermost points of what it holds.
  8: polygonOf,
};

/** Names of attributes and of their options for their numbers; what was typed in stays as it is. */
function attributesOf(values: Members, attributes: Members): Members {
  const named = Object.entries(values).map(([id, value]): [string, string] => {
    const attribute = recordOf(attributes[id]);
    // Of several that are ticked the first.
    const first = textOf(value).split(',')[0]!;
    const option = textOf(recordOf(attribute['options'])[first]);
    return [textOf(attribute['aname']) || id, option || textOf(value)];
  });
  return Object.fromEntries(named);
}

/** Entries with `filename` and `regions`, of the images. */
export function filesOfThirdVersion(document: Members): Members[] {
  const files = recordOf(document['file']);
  const attributes = recordOf(document['attribute']);
  const regions = new Map<string, Members[]>();
  for (const entry of Object.values(recordOf(document['metadata'])).map(recordOf)) {
    const [kind, ...numbers] = listOf(entry['xy']).map(numberOf);
    // What is said of a whole image has no shape.
    if (kind === undefined) continue;
    const view = textOf(entry['vid']);
    const region = {
      shape_attributes: SHAPES[kind]?.(numbers) ?? {},
      region_attributes: attributesOf(recordOf(entry['av']), attributes),
    };
    regions.set(view, [...(regions.get(view) ?? []), region]);
  }
  const shown = Object.entries(recordOf(document['view'])).flatMap(([view, value]) =>
    listOf(recordOf(value)['fid_list']).map((id) => ({ view, file: recordOf(files[textOf(id)]) })),
  );
  return shown
    .filter(({ file }) => numberOf(file['type']) === IMAGE)
    .map(({ view, file }) => ({ filename: file['fname'], regions: regions.get(view) ?? [] }));
}
