import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportFormat } from '../../contract/export-formats';
import { EXPORT_FORMATS } from '../../contract/export-formats';
import type { Truth } from '../../core/dataset/dataset';
import { FLAG_CROWD, FLAG_DIFFICULT } from '../../core/dataset/dataset';
import { noProgress } from '../../core/foundation/cancellation';
import { NamedTruth } from '../../core/formats/named-truth';
import { RecordReporter } from '../../core/formats/reading';
import { compareWithSource } from './compare';
import { exportLabels, planExport } from './labels';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-compare-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Every loss that a format can have: shared names, no size, spaces in a class, flags, an own area, subsets. */
function awkwardTruth(): Truth {
  const truth = new NamedTruth();
  const sized = truth.image('one/a.jpg', 640, 480);
  const same = truth.image('two/a.jpg', 640, 480);
  const unsized = truth.image('b.jpg', null, null);
  const odd = truth.image('c:d?.jpg', 640, 480);
  truth.putInto('train', sized);
  truth.putInto('train', same);
  truth.putInto('val', odd);
  for (const [image, x] of [
    [sized, 1],
    [same, 2],
    [unsized, 3],
    [odd, 4],
  ] as const) {
    truth.add(image, truth.classOf('two words'), [x, 10, 20.25, 30], FLAG_CROWD | FLAG_DIFFICULT, null, 7);
    truth.add(image, truth.classOf('cat'), [x + 100, 10, 20, 30]);
  }
  truth.classOf('never used');
  return truth.finish('csv', null, new RecordReporter({ file: 'x' }));
}

const write = async (truth: Truth, format: ExportFormat): Promise<string> => {
  const target = path.join(folder, format);
  const source = { truth, imageRoot: null, locations: truth.images.map(() => null) };
  await exportLabels(source, format, target, { allowLoss: true, copyImages: false, sources: [] }, noProgress);
  return target;
};

describe('an export with losses that were allowed', () => {
  it.each(EXPORT_FORMATS)('%s reads back as what it can say', async (format) => {
    await expect(write(awkwardTruth(), format)).resolves.toContain(format);
  });

  it.each([
    ['voc', 'Annotations/d_.xml', '<xmin>104</xmin>', '<xmin>105</xmin>'],
    ['kitti', 'label_2/b.txt', 'two_words', 'other'],
    ['csv', '', 'two words,4,', 'two words,5,'],
    ['retinanet-csv', 'annotations.csv', 'b.jpg,103,10,123,40,cat\n', ''],
  ] as const)('%s is refused where a box is another or gone', async (format, file, from, to) => {
    const truth = awkwardTruth();
    const target = await write(truth, format);
    const { losses } = planExport(truth, format);
    expect(losses).not.toEqual([]);
    const place = path.join(target, file);
    const text = readFileSync(place, 'utf8');
    expect(text).toContain(from);
    writeFileSync(place, text.replace(from, to));
    await expect(compareWithSource(target, format, truth, losses, noProgress)).rejects.toThrow('reads back');
  });
});
