/** CVAT's XML 1.1. */
import type { Truth } from '../../dataset/dataset';
import { farCorner } from '../decimal';
import { isRecord, parseExtra } from '../extra';
import type { Format, TargetFile } from '../format';
import type { Box } from '../named-truth';
import { safeRelativePath } from '../names';
import type { XmlElement } from '../xml-tree';
import { writeXml } from '../xml-tree';
import { homesOf, rowsByImage } from '../yolo/write-yolo';
import { readCvat } from './read-cvat';

const element = (
  name: string,
  attributes: Record<string, string>,
  children: (XmlElement | string)[] = [],
): XmlElement => ({ name, attributes, children, line: 0 });

/** Kept attributes, and `<attribute>` elements. */
function keptOf(extra: string | null): { attributes: Record<string, string>; children: XmlElement[] } {
  const { attributes, ...others } = parseExtra(extra);
  const children = Object.entries(isRecord(attributes) ? attributes : {}).map(([name, value]) =>
    element('attribute', { name }, [String(value)]),
  );
  const plain = Object.entries(others).filter(([, value]) => typeof value === 'string') as [string, string][];
  return { attributes: Object.fromEntries(plain), children };
}

function* imagesOf(truth: Truth): Generator<string> {
  const { annotations, categories } = truth;
  const rows = rowsByImage(annotations.image, truth.images.length);
  const homes = homesOf(truth);
  for (const [index, { fileName, width, height, extra }] of truth.images.entries()) {
    const boxes = rows[index]!.map((row) => {
      const [x, y, w, h] = annotations.box.subarray(row * 4, row * 4 + 4) as unknown as Box;
      const kept = keptOf(annotations.extra.get(row) ?? null);
      const attributes = {
        label: categories[annotations.category[row]!]!.name,
        source: 'manual',
        occluded: '0',
        xtl: String(x),
        ytl: String(y),
        xbr: farCorner(x, w),
        ybr: farCorner(y, h),
        z_order: '0',
        ...kept.attributes,
      };
      return element('box', attributes, kept.children);
    });
    const kept = keptOf(extra);
    const home = homes[index] ?? null;
    const attributes = {
      id: String(index),
      name: fileName,
      ...(home === null ? {} : { subset: home }),
      ...(width === null ? {} : { width: String(width) }),
      ...(height === null ? {} : { height: String(height) }),
      ...kept.attributes,
    };
    yield writeXml(element('image', attributes, [...boxes, ...kept.children]), '  ');
  }
}

function* writeCvat(truth: Truth): Generator<TargetFile> {
  const labels = truth.categories.map(({ name }) => element('label', {}, [element('name', {}, [name])]));
  const meta = element('meta', {}, [
    element('task', {}, [element('size', {}, [String(truth.images.length)]), element('labels', {}, labels)]),
  ]);
  const content = function* (): Generator<string> {
    yield `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n${writeXml(meta, '  ')}`;
    yield* imagesOf(truth);
    yield '</annotations>\n';
  };
  yield { path: 'annotations.xml', content: content() };
}

export const cvatFormat: Format = {
  name: 'cvat',
  title: 'CVAT XML 1.1',
  sniff: ({ text }) =>
    /^\s*<(\?xml|!--|annotations)/.test(text) && /<annotations[\s>]/.test(text)
      ? { kind: 'truth', why: 'XML with an annotations root' }
      : null,
  readTruth: readCvat,
  truthWriter: {
    layout: 'folder',
    extension: '',
    expresses: {
      flags: 0,
      area: false,
      subsets: true,
      emptyClasses: true,
      repeatedClassNames: false,
      needsSizes: false,
      fileByStem: false,
    },
    losses: (truth) => {
      const homes = homesOf(truth);
      const isApart = truth.subsets.reduce((sum, { images }) => sum + images.length, 0);
      const inOne = homes.filter((home) => home !== null).length;
      return [['subsets-lost', 'cvat puts an image into one subset only.', isApart - inOne]];
    },
    imagePath: (truth, image) => `images/${safeRelativePath(truth.images[image]!.fileName)}`,
    write: writeCvat,
  },
};
