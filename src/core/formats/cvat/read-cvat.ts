/** CVAT's XML 1.1: boxes on images, and tracks of boxes over the frames of a video. */
import { BadInput } from '../../foundation/bad-input';
import type { FindingPlace } from '../../foundation/finding';
import { lengthBetween, parseDecimal } from '../decimal';
import type { TruthContext } from '../format';
import { boundsOfPoints } from '../json/read-json';
import type { Box } from '../named-truth';
import { NamedTruth } from '../named-truth';
import type { TruthReading } from '../reading';
import { RecordReporter } from '../reading';
import { isUsableBox, sizeOrNull, usableName } from '../record-box';
import type { Source } from '../source';
import { decodeXml } from '../xml-text';
import type { XmlElement } from '../xml-tree';
import { childElements, childText, parseXml, textOf } from '../xml-tree';

const OF_BOX = new Set(['label', 'xtl', 'ytl', 'xbr', 'ybr', 'rotation', 'frame', 'keyframe', 'outside']);
const OF_IMAGE = new Set(['id', 'name', 'width', 'height', 'subset']);
/** Values that say nothing. */
const NOTHING = new Set(['0', '', 'manual', 'false']);
const OTHER_SHAPES = ['polyline', 'points', 'mask', 'cuboid', 'skeleton', 'ellipse'];
/** Frames of a video beyond this are none. */
const MOST_FRAMES = 10_000_000;

function keptOf(element: XmlElement, known: ReadonlySet<string>): string | null {
  const kept: [string, unknown][] = Object.entries(element.attributes).filter(
    ([name, value]) => !known.has(name) && !NOTHING.has(value),
  );
  const attributes = childElements(element, 'attribute').map((attribute): [string, string] => [
    attribute.attributes['name'] ?? '',
    textOf(attribute),
  ]);
  if (attributes.length > 0) kept.push(['attributes', Object.fromEntries(attributes)]);
  return kept.length > 0 ? JSON.stringify(Object.fromEntries(kept)) : null;
}

/** The upright box around one that is turned about its centre. */
function turned([x, y, width, height]: Box, degrees: number): Box {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const [across, down] = [width * cos + height * sin, width * sin + height * cos];
  return [x + width / 2 - across / 2, y + height / 2 - down / 2, across, down];
}

function boxOf({ name, attributes }: XmlElement, report: RecordReporter, where: FindingPlace): Box | null {
  if (name === 'polygon') {
    report.note('polygons-as-boxes', 'info', 'Polygons are read as the boxes around them.', where);
    const points = (attributes['points'] ?? '').split(';').map((point) => point.split(',').map(parseDecimal));
    return boundsOfPoints(points);
  }
  const text = (key: string): string => attributes[key] ?? '';
  const box: Box = [
    parseDecimal(text('xtl')),
    parseDecimal(text('ytl')),
    lengthBetween(text('xtl'), text('xbr')),
    lengthBetween(text('ytl'), text('ybr')),
  ];
  const rotation = parseDecimal(text('rotation'));
  if (!rotation) return box;
  report.note('box-rotated', 'warning', 'A turned box is read as the upright box around it.', where);
  return turned(box, rotation);
}

/** The names of classes in their order, of the task or the project. */
function labelsOf(root: XmlElement): string[] {
  const meta = childElements(root, 'meta');
  const holders = meta.flatMap((element) => [
    ...childElements(element, 'task'),
    ...childElements(element, 'project'),
    ...childElements(element, 'job'),
  ]);
  return holders.flatMap((holder) =>
    childElements(holder, 'labels').flatMap((labels) =>
      childElements(labels, 'label').flatMap((label) => childText(label, 'name') ?? []),
    ),
  );
}

class CvatTruth {
  readonly #truth = new NamedTruth();
  readonly #context: TruthContext;
  readonly #report: RecordReporter;
  readonly #labels: ReadonlyMap<string, number>;

  constructor(context: TruthContext, report: RecordReporter, labels: readonly string[]) {
    this.#context = context;
    this.#report = report;
    this.#labels = new Map(labels.map((name, index) => [name, index + 1]));
    for (const name of this.#labels.keys()) this.#classOf(name);
  }

  #classOf(name: string): number {
    return this.#truth.classOf(name, this.#labels.get(name) ?? null);
  }

  addImage(element: XmlElement, file: string): void {
    const { attributes } = element;
    const place = { file, line: element.line };
    const name = usableName(attributes['name'] ?? '', this.#report, place);
    if (name === null) return;
    const size = { width: sizeOrNull(attributes['width']), height: sizeOrNull(attributes['height']) };
    const extra = this.#context.keepExtra ? keptOf(element, OF_IMAGE) : null;
    const image = this.#truth.image(name, size.width, size.height, extra);
    if (attributes['subset']) this.#truth.putInto(attributes['subset'], image);
    for (const child of element.children) {
      if (typeof child === 'string') continue;
      const where = { file, line: child.line, image: name };
      if (OTHER_SHAPES.includes(child.name))
        this.#report.note(
          'shape-without-box',
          'info',
          `Shapes of the kind ${child.name} are no boxes; they are not read.`,
          where,
        );
      else if (child.name === 'box' || child.name === 'polygon')
        this.#addBox(image, child, child.attributes['label'] ?? '', where);
    }
  }

  #addBox(image: number, element: XmlElement, label: string, where: FindingPlace): void {
    if (label === '') {
      this.#report.leaveOut('object-without-class', 'A box has no label and was left out.', where);
      return;
    }
    const box = boxOf(element, this.#report, where);
    if (box === null) {
      this.#report.leaveOut('box-invalid', 'A polygon has no points and was left out.', where);
      return;
    }
    this.addFinished(image, label, box, this.#context.keepExtra ? keptOf(element, OF_BOX) : null, where);
  }

  addFinished(image: number, label: string, box: Box, extra: string | null, where: FindingPlace): void {
    if (isUsableBox(box, this.#truth.sizeOf(image), this.#report, where))
      this.#truth.add(image, this.#classOf(label), box, 0, extra);
  }

  /** Frames of a video are images by their number. */
  frame(number: number, width: number | null, height: number | null): number {
    return this.#truth.image(`frame_${String(number).padStart(6, '0')}.png`, width, height);
  }

  /** A track's boxes: given at some frames, between them in a straight line, until a frame where it is outside. */
  addTrack(track: XmlElement, file: string, frame: (number: number) => number): void {
    const label = track.attributes['label'] ?? '';
    const boxes = ['box', 'polygon']
      .flatMap((name) => childElements(track, name))
      .map((element) => ({ element, number: parseDecimal(element.attributes['frame'] ?? '') }))
      .filter(({ number }) => Number.isSafeInteger(number) && number >= 0 && number < MOST_FRAMES)
      .sort((a, b) => a.number - b.number);
    boxes.forEach(({ element, number }, at) => {
      if (element.attributes['outside'] === '1') return;
      const where = { file, line: element.line };
      this.#addBox(frame(number), element, label, where);
      const next = boxes[at + 1];
      if (!next || next.number <= number + 1) return;
      const from = boxOf(element, this.#report, where);
      const isGone = next.element.attributes['outside'] === '1';
      const to = isGone ? from : boxOf(next.element, this.#report, where);
      if (!from || !to || label === '') return;
      for (let between = number + 1; between < next.number; between++) {
        const share = (between - number) / (next.number - number);
        const box = from.map((value, part) => value + (to[part]! - value) * share) as unknown as Box;
        this.addFinished(frame(between), label, box, null, where);
      }
    });
  }

  finish(): TruthReading {
    if (this.#truth.imageCount === 0)
      throw new BadInput(
        'truth-without-images',
        'The file has neither images nor tracks.',
        'Check that it is CVAT’s “CVAT for images” or “CVAT for video”.',
        this.#context,
      );
    return {
      truth: this.#truth.finish('cvat', this.#context.labelMap, this.#report),
      findings: this.#report.list(),
    };
  }
}

function elementAt(root: XmlElement, ...names: readonly string[]): XmlElement | null {
  let at: XmlElement | undefined = root;
  for (const name of names) at = at && childElements(at, name)[0];
  return at ?? null;
}

function addVideo(root: XmlElement, tracks: readonly XmlElement[], truth: CvatTruth, file: string): void {
  const task = elementAt(root, 'meta', 'task') ?? elementAt(root, 'meta', 'job') ?? root;
  const size = elementAt(root, 'meta', 'original_size') ?? elementAt(task, 'original_size');
  const [width, height] = ['width', 'height'].map((name) => sizeOrNull(size && childText(size, name))) as [
    number | null,
    number | null,
  ];
  const first = parseDecimal(childText(task, 'start_frame') ?? '0') || 0;
  const last = parseDecimal(childText(task, 'stop_frame') ?? '');
  if (Number.isSafeInteger(last) && last - first < MOST_FRAMES)
    for (let number = first; number <= last; number++) truth.frame(number, width, height);
  for (const track of tracks) truth.addTrack(track, file, (number) => truth.frame(number, width, height));
}

export async function readCvat(
  source: Source,
  paths: readonly string[],
  context: TruthContext,
): Promise<TruthReading> {
  const report = new RecordReporter(context);
  const roots: { root: XmlElement; file: string }[] = [];
  for (const path of paths) {
    const file = source.nameOf(path);
    const { text, isGuessed } = decodeXml(await source.whole(path));
    if (isGuessed)
      report.note('text-not-utf8', 'warning', 'The file is not UTF-8; its text was read as Windows-1252.', {
        file,
      });
    const root = parseXml(text, file);
    if (root.name !== 'annotations')
      throw new BadInput(
        'not-cvat',
        `The XML's root is <${root.name}>, not <annotations>.`,
        'Check that it is CVAT’s.',
        {
          file,
        },
      );
    roots.push({ root, file });
    context.progress.check();
  }
  const truth = new CvatTruth(context, report, [...new Set(roots.flatMap(({ root }) => labelsOf(root)))]);
  for (const { root, file } of roots) {
    for (const image of childElements(root, 'image')) truth.addImage(image, file);
    const tracks = childElements(root, 'track');
    if (tracks.length > 0) addVideo(root, tracks, truth, file);
  }
  return truth.finish();
}
