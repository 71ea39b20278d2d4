/** VGG Image Annotator's JSON: a project, or its annotations by file. Read only. */
import { BadInput } from '../../foundation/bad-input';
import { isRecord } from '../extra';
import type { Format } from '../format';
import { listOf, numberOf, readJson, recordOf, textOf } from '../json/read-json';
import type { Box } from '../named-truth';
import { NamedTruth } from '../named-truth';
import { RecordReporter } from '../reading';
import { isUsableBox, usableName } from '../record-box';
import { filesOfThirdVersion, isThirdVersion } from './third-version';

type Members = Readonly<Record<string, unknown>>;

function boxOf(shape: Members): Box | null {
  switch (shape['name']) {
    case 'rect':
      return ['x', 'y', 'width', 'height'].map((name) => numberOf(shape[name])) as unknown as Box;
    case 'polygon':
    case 'polyline': {
      const xs = listOf(shape['all_points_x']).map(numberOf);
      const ys = listOf(shape['all_points_y']).map(numberOf);
      if (xs.length === 0 || xs.length !== ys.length) return null;
      const [left, top] = [Math.min(...xs), Math.min(...ys)];
      return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
    }
    case 'circle':
    case 'ellipse': {
      const [x, y] = [numberOf(shape['cx']), numberOf(shape['cy'])];
      const across = numberOf(shape['rx'] ?? shape['r']);
      const down = numberOf(shape['ry'] ?? shape['r']);
      return [x - across, y - down, 2 * across, 2 * down];
    }
    default:
      return null;
  }
}

/** The attribute that names classes: one of the usual names, else the first. */
function classOf(attributes: Members): string {
  const names = Object.keys(attributes);
  const name = names.find((one) => /^(class|label|name|type|category|object)/i.test(one)) ?? names[0];
  const value = name === undefined ? undefined : attributes[name];
  // Check boxes: the first that is on.
  if (isRecord(value)) return Object.entries(value).find(([, isOn]) => isOn === true)?.[0] ?? '';
  return textOf(value);
}

export const viaFormat: Format = {
  name: 'via',
  title: 'VGG Image Annotator',
  sniff: ({ text }) =>
    /^\s*\{/.test(text) &&
    ((/"regions"\s*:\s*[[{]/.test(text) && /"filename"\s*:/.test(text)) ||
      (/"vid_list"\s*:/.test(text) && /"fname"\s*:/.test(text)))
      ? { kind: 'truth', why: 'files with regions, as VGG Image Annotator writes them' }
      : null,
  async readTruth(source, paths, context) {
    const report = new RecordReporter(context);
    const truth = new NamedTruth();
    for (const path of paths) {
      const file = source.nameOf(path);
      const document = recordOf(readJson(await source.whole(path), file));
      const files = isThirdVersion(document)
        ? filesOfThirdVersion(document)
        : Object.values(recordOf(document['_via_img_metadata'] ?? document)).filter(isRecord);
      files.forEach((entry, record) => {
        if (entry['regions'] === undefined) return;
        const name = usableName(textOf(entry['filename']), report, { file, record });
        if (name === null) return;
        const where = { file, record, image: name };
        const image = truth.image(name, null, null);
        const regions = Array.isArray(entry['regions'])
          ? listOf(entry['regions'])
          : Object.values(recordOf(entry['regions']));
        for (const region of regions.map(recordOf)) {
          const className = classOf(recordOf(region['region_attributes']));
          const shape = recordOf(region['shape_attributes']);
          const box = boxOf(shape);
          if (box === null)
            report.note(
              'shape-without-box',
              'info',
              'Points and lines are no boxes; they are not read.',
              where,
            );
          else if (className === '')
            report.leaveOut('object-without-class', 'A region has no class and was left out.', where);
          else {
            if (shape['name'] !== 'rect')
              report.note('polygons-as-boxes', 'info', 'Polygons are read as the boxes around them.', where);
            if (isUsableBox(box, { width: null, height: null }, report, where))
              truth.add(image, truth.classOf(className), box);
          }
        }
      });
      context.progress.check();
    }
    if (truth.imageCount === 0)
      throw new BadInput(
        'truth-without-images',
        'The file has no images with regions.',
        'Check the file.',
        context,
      );
    return { truth: truth.finish('via', context.labelMap, report), findings: report.list() };
  },
};
