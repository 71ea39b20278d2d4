import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noProgress } from '../../foundation/cancellation';
import { sharedPath } from '../../foundation/shared-data.fixture';
import { cleanSet } from '../clean-set.fixture';
import type { Box, DataFiles } from '../data-files.fixture';
import { copyOf, situationOf } from '../data-files.fixture';
import { diagnoseFiles, EVERYWHERE, scoreOf, tryPlanting } from '../planting-trial.fixture';
import { PLANTINGS } from '../plantings.fixture';
import { findClassChanges } from './class-changes';

const truth = sharedPath('datasets/bccd/coco/val.json');
const predictions = sharedPath('models/bccd/predictions-val.json');
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const BCCD =
  truth && predictions ? ({ truth: read(truth), predictions: read(predictions) } as DataFiles) : null;
const FILES = cleanSet(51, { images: 90, classes: 4, objects: 6, clutter: 6, looseness: 0.06, found: 0.85 });
const CLEAN = scoreOf(FILES);
const COMMON = 1;
const RARE = 3;

function changed(category: number, side: keyof DataFiles, change: (box: Box) => Box): DataFiles {
  const files = copyOf(FILES);
  const records = side === 'truth' ? files.truth.annotations : files.predictions;
  for (const one of records) if (one.category_id === category) one.bbox = change(one.bbox);
  return files;
}

const swapped = ([x, y, w, h]: Box): Box => [y, x, h, w];
const toCorners = ([x, y, w, h]: Box): Box => [x, y, x + w, y + h];
const halved = (box: Box): Box => box.map((value) => value / 2) as Box;

describe('coordinates that are wrong in one class', () => {
  it.each([
    ['predictions swapped, of a rare class', changed(RARE, 'predictions', swapped), 'axes-swapped', RARE],
    [
      'predictions swapped, of the commonest',
      changed(COMMON, 'predictions', swapped),
      'axes-swapped',
      COMMON,
    ],
    ['truth in corners', changed(RARE, 'truth', toCorners), 'box-format', RARE],
    ['predictions of half the size', changed(RARE, 'predictions', halved), 'coordinates-scaled', RARE],
  ] as const)('are named with it at their price: %s', (_, files, code, category) => {
    const [first, ...others] = diagnoseFiles(files).causes;
    const name = files.truth.categories.find(({ id }) => id === category)!.name;
    expect(first).toMatchObject({ code, evidence: { classes: [name] } });
    expect(first!.title).toContain(`of “${name}” only`);
    expect(Math.abs(first!.gain! - (CLEAN - scoreOf(files)))).toBeLessThan(0.005);
    expect(others).toEqual([]);
  });

  it.skipIf(!BCCD).each(['scaled by 1.5, predictions', 'x and y swapped, predictions'])(
    'are not seen where all are wrong and two classes are exchanged: %s (datasets/bccd)',
    (name) => {
      const both = [name, 'two classes exchanged'].map((one) => PLANTINGS.find((of) => of.name === one)!);
      const { isNamed, priceError, diagnosis } = tryPlanting(BCCD!, scoreOf(BCCD!), both, EVERYWHERE, 0.01)!;
      expect(isNamed).toBe(true);
      expect(Math.abs(priceError!)).toBeLessThan(0.005);
      for (const { evidence } of diagnosis.causes) expect(evidence).not.toHaveProperty('classes');
    },
  );

  it('are not seen where a weak model finds some classes badly', () => {
    const weak = cleanSet(52, { images: 90, classes: 6, objects: 6, clutter: 6, looseness: 0.2, found: 0.4 });
    expect(findClassChanges(situationOf(weak), noProgress)).toEqual([]);
  });
});
