/** VoTT's JSON: its export of a project, or an asset's file each. Read only. */
import { BadInput } from '../../foundation/bad-input';
import { isRecord } from '../extra';
import type { Format } from '../format';
import { exactBox } from '../exact-box';
import { boundsOfPoints, listOf, numberOf, readJson, recordOf, textOf } from '../json/read-json';
import type { Box } from '../named-truth';
import { NamedTruth } from '../named-truth';
import { RecordReporter } from '../reading';
import { isUsableBox, sizeOrNull, usableName } from '../record-box';

type Members = Readonly<Record<string, unknown>>;

function boxOf(region: Members): Box | null {
  const bounds = recordOf(region['boundingBox']);
  const box = ['left', 'top', 'width', 'height'].map((name) => numberOf(bounds[name])) as unknown as Box;
  if (box.every(Number.isFinite)) return exactBox(region, box);
  return boundsOfPoints(
    listOf(region['points']).map((point) => [recordOf(point)['x'], recordOf(point)['y']]),
  );
}

/** Assets of a document: one, or all of an export. */
function assetsOf(document: Members): Members[] {
  if (document['asset'] !== undefined) return [document];
  return Object.values(recordOf(document['assets'])).filter(isRecord);
}

export const vottFormat: Format = {
  name: 'vott',
  title: 'VoTT',
  sniff: ({ text }) =>
    /^\s*\{/.test(text) &&
    ((/"asset"\s*:\s*\{/.test(text) && /"regions"\s*:\s*\[/.test(text)) ||
      (/"assets"\s*:\s*\{/.test(text) && /"(asset|regions)"\s*:/.test(text)))
      ? { kind: 'truth', why: 'assets with regions, as VoTT writes them' }
      : null,
  async readTruth(source, paths, context) {
    const report = new RecordReporter(context);
    const truth = new NamedTruth();
    for (const path of paths) {
      const file = source.nameOf(path);
      const document = recordOf(readJson(await source.whole(path), file));
      for (const [record, entry] of assetsOf(document).entries()) {
        const asset = recordOf(entry['asset']);
        const size = recordOf(asset['size']);
        const written = textOf(asset['name']) || textOf(asset['path']).replace(/^.*\//, '');
        const name = usableName(decodeName(written), report, { file, record });
        if (name === null) continue;
        const where = { file, record, image: name };
        const [width, height] = [sizeOrNull(size['width']), sizeOrNull(size['height'])];
        const image = truth.image(name, width, height);
        for (const region of listOf(entry['regions']).map(recordOf)) {
          const [tag, ...others] = listOf(region['tags']).map(textOf);
          const box = boxOf(region);
          if (tag === undefined || tag === '')
            report.leaveOut('object-without-class', 'A region has no tag and was left out.', where);
          else if (box === null)
            report.leaveOut('box-invalid', 'A region has no box and was left out.', where);
          else if (isUsableBox(box, { width, height }, report, where)) {
            if (others.length > 0)
              report.note(
                'tags-repeated',
                'warning',
                'A region has several tags; the first is taken.',
                where,
              );
            truth.add(image, truth.classOf(tag), box);
          }
        }
      }
      context.progress.check();
    }
    if (truth.imageCount === 0)
      throw new BadInput('truth-without-images', 'The file has no assets.', 'Check the file.', context);
    return { truth: truth.finish('vott', context.labelMap, report), findings: report.list() };
  },
};

function decodeName(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
