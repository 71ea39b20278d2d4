/** An Ultralytics dataset: `data.yaml`, `labels/**.txt`, and images beside them or elsewhere. */
import { BadInput } from '../../foundation/bad-input';
import type { Progress } from '../../foundation/cancellation';
import { startedAhead } from '../../foundation/cancellation';
import { conventionFor } from '../conventions/convention';
import { conventionReading } from '../conventions/witness';
import type { ImageSize, TruthContext } from '../format';
import { imageFinder } from '../join';
import { sizesOfImages } from '../image-sizes';
import { LineEnds } from '../line-ends';
import { NamedTruth } from '../named-truth';
import { folderOf } from '../names';
import type { TruthReading } from '../reading';
import { RecordReporter, withConventions } from '../reading';
import { isUsableBox, leaveOutWithoutSize } from '../record-box';
import type { Source } from '../source';
import { readEach } from '../source';
import { decodeText } from '../text';
import type { DataYaml } from './data-yaml';
import { readDataYaml } from './data-yaml';
import type { LineRules } from './label-lines';
import type { RowRange } from './label-rows';
import { LabelRows } from './label-rows';
import { changedByFolder, exchanged, imagesByStem, withPlainFolders, withoutExtension } from './layout';
import type { Split } from './splits';
import { isIn, splitsOf } from './splits';

/** The dataset's `data.yaml`: of those that name classes, the highest. */
export async function findDataYaml(source: Source): Promise<{ path: string; yaml: DataYaml } | null> {
  const candidates = source.paths
    .filter((path) => /\.ya?ml$/i.test(path))
    .sort((a, b) => a.split('/').length - b.split('/').length);
  for (const path of candidates.slice(0, 16)) {
    const { text } = decodeText(await source.whole(path));
    if (/^\s*["']?names["']?\s*:/m.test(text)) return { path, yaml: readDataYaml(text, source.nameOf(path)) };
  }
  return null;
}

/** Names of classes by number where there is no `data.yaml`, a name a line: labelImg's `classes.txt`, Roboflow's list. */
async function namesFromList(source: Source): Promise<string[] | null> {
  const path = source.paths.find((file) =>
    /(?:^|\/)(?:classes\.txt|[^/]*\.names|_darknet\.labels)$/i.test(file),
  );
  if (path === undefined) return null;
  const { text } = decodeText(await source.whole(path));
  const names = text.split(/\r\n|\n|\r/).map((name) => name.trim());
  while (names.at(-1) === '') names.pop();
  return names;
}

/** A label file and its image. */
interface Label {
  readonly path: string;
  /** Path of its image within the dataset, or as it would be; without extension. */
  readonly imageStem: string;
}

/** Throws `BadInput` where labels are garbled, or where nothing tells the size of any image. */
export async function readYolo(
  source: Source,
  paths: readonly string[],
  context: TruthContext,
): Promise<TruthReading> {
  const report = new RecordReporter(context);
  const found = await findDataYaml(source);
  const names = found?.yaml.names ?? (await namesFromList(source));
  const rules: LineRules = {
    classes: names?.length ?? null,
    hasKeyPoints: found?.yaml.hasKeyPoints ?? false,
    convention: conventionFor('yolo', context.conventions),
  };
  if (names === null && paths.length > 0)
    report.note('classes-unnamed', 'info', 'Nothing names the classes: they are called by their numbers.');
  const stemOfImage = changedByFolder((path) => exchanged(withPlainFolders(path), 'labels', 'images'));
  const labels = paths.map((path) => ({ path, imageStem: stemOfImage(withoutExtension(path)) }));
  const dataset = new YoloDataset(context, report, await splitsOf(source, found), names);
  const rows = new LabelRows(rules);
  const ranges: RowRange[] = [];
  const ends = new LineEnds();
  await dataset.findImages(source, labels);
  const sizes = await startedAhead(
    context.progress,
    (progress) => dataset.readSizes(progress),
    () =>
      readEach(source, paths, context.progress, (bytes, path) => {
        ranges.push(rows.read(bytes, source.nameOf(path), ends, report));
      }),
  );
  ends.report(report);
  dataset.addImages(sizes);
  for (const [index, label] of labels.entries()) {
    const image = dataset.imageOf(label) ?? (await dataset.addImageOf(label));
    dataset.addLabels(image, source.nameOf(label.path), rows, ranges[index]!);
  }
  const { told, suggested } = rows.witness().conclude();
  return withConventions(
    dataset.finish(found?.yaml.extra ?? null),
    conventionReading('yolo', rules.convention, context.conventions ?? {}, told, suggested),
  );
}

class YoloDataset {
  readonly #truth = new NamedTruth();
  readonly #context: TruthContext;
  readonly #report: RecordReporter;
  readonly #splits: readonly Split[];
  readonly #classes: readonly number[] | null;
  readonly #numbers = new Map<number, number>();
  /** Path of an image by that path without extension. */
  #inside = new Map<string, string>();
  /** Those that are part of the dataset. */
  #inSplits: readonly (readonly [stem: string, path: string])[] = [];
  /** Images that were put in, by the same. */
  readonly #placed = new Map<string, number>();
  readonly #below = changedByFolder((path) => this.#belowSplit(path));
  #find: ((name: string) => number | undefined) | null = null;
  #given: readonly string[] = [];
  /** Image names that several splits have: they keep their folders. */
  #clashing = new Set<string>();
  #unsized = 0;

  constructor(
    context: TruthContext,
    report: RecordReporter,
    splits: readonly Split[],
    names: readonly string[] | null,
  ) {
    this.#context = context;
    this.#report = report;
    this.#splits = splits;
    this.#classes = names?.map((name, number) => this.#truth.classOf(name, number + 1)) ?? null;
  }

  #classOf(number: number): number {
    if (this.#classes) return this.#classes[number]!;
    const known = this.#numbers.get(number) ?? this.#truth.classOf(String(number), number + 1);
    this.#numbers.set(number, known);
    return known;
  }

  /** Images of the dataset itself are part of it, with or without labels; of a folder given only those with labels. */
  async findImages(source: Source, labels: readonly Label[]): Promise<void> {
    const { images } = this.#context;
    if (images.isGiven) {
      this.#given = await images.names();
      const records = this.#given.map((fileName) => ({
        ...{ id: 0, fileName, width: null, height: null, extra: null },
      }));
      this.#find = imageFinder({ images: records });
      return;
    }
    this.#inside = imagesByStem(source.paths);
    this.#findClashes([...this.#inside.keys(), ...labels.map(({ imageStem }) => imageStem)]);
    this.#inSplits = [...this.#inside].filter(
      ([stem]) => this.#splits.length === 0 || this.#splits.some((split) => isIn(split, stem)),
    );
  }

  /** Of the images that are part of the dataset. */
  readSizes(progress: Progress): Promise<readonly (ImageSize | null)[]> {
    const paths = this.#inSplits.map(([, path]) => path);
    return sizesOfImages(this.#context.images, paths, progress);
  }

  addImages(sizes: readonly (ImageSize | null)[]): void {
    this.#inSplits.forEach(([stem, path], index) => {
      const image = this.#put(stem, this.#nameOf(stem, path), sizes[index] ?? null);
      this.#placed.set(stem, image);
    });
  }

  #findClashes(stems: readonly string[]): void {
    // Names differ where their folders do; most datasets have too few of these for two to be called alike.
    const folders = new Set(stems.map(folderOf));
    if (new Set([...folders].map((folder) => this.#below(`${folder}x`))).size === folders.size) return;
    const seen = new Map<string, string>();
    for (const stem of new Set(stems)) {
      const short = this.#below(stem);
      const other = seen.get(short);
      if (other !== undefined && other !== stem) this.#clashing.add(short);
      seen.set(short, stem);
    }
  }

  /** A path below the folder of its split. */
  #belowSplit(path: string): string {
    const plain = withPlainFolders(path);
    for (const { folders } of this.#splits)
      for (const folder of folders)
        if (plain.startsWith(`${folder}/`)) {
          const below = path.slice(folder.length + 1);
          return /(?:^|\/)images(?:\/|$)/.test(folder) ? below : below.replace(/^images\//i, '');
        }
    return path.replace(/^(?:.*\/)?images\//i, '');
  }

  #nameOf(stem: string, path: string): string {
    return this.#clashing.size > 0 && this.#clashing.has(this.#below(stem)) ? path : this.#below(path);
  }

  #put(stem: string, name: string, size: ImageSize | null): number {
    const image = this.#truth.image(name, size?.width ?? null, size?.height ?? null);
    for (const split of this.#splits) if (isIn(split, stem)) this.#truth.putInto(split.name, image);
    return image;
  }

  /** Of those that were put in. */
  imageOf({ imageStem }: Label): number | undefined {
    return this.#placed.get(imageStem);
  }

  /** The image of a label file, which may not be there itself. */
  async addImageOf({ imageStem, path }: Label): Promise<number> {
    const inside = this.#inside.get(imageStem) ?? this.#inside.get(withPlainFolders(withoutExtension(path)));
    if (inside !== undefined) {
      const name = this.#nameOf(imageStem, inside);
      const known = this.#truth.indexOf(name);
      if (known !== undefined) return known;
      // An image that no split names, of which there are labels all the same.
      const size = await this.#context.images.sizeOf(inside);
      return this.#put(imageStem, name, size);
    }
    const place = this.#find?.(this.#below(imageStem));
    const given = place === undefined ? undefined : this.#given[place];
    const name = given ?? `${this.#nameOf(imageStem, imageStem)}.jpg`;
    const size = await this.#context.images.sizeOf(given ?? name);
    return this.#put(imageStem, name, size);
  }

  addLabels(image: number, file: string, rows: LabelRows, { firstRow, rows: count }: RowRange): void {
    const { width, height } = this.#truth.sizeOf(image);
    if (width === null || height === null) {
      if (count === 0) return;
      this.#unsized++;
      leaveOutWithoutSize(
        this.#report,
        { file, line: rows.lineOf(firstRow), image: this.#truth.nameOf(image) },
        count,
      );
      return;
    }
    for (let row = firstRow; row < firstRow + count; row++) {
      const box = rows.boxOf(row, { width, height }, file, this.#report);
      const where = { file, line: rows.lineOf(row), image: this.#truth.nameOf(image) };
      if (box && isUsableBox(box, { width, height }, this.#report, where))
        this.#truth.add(image, this.#classOf(rows.numberOf(row)), box);
    }
  }

  finish(extra: string | null): TruthReading {
    const { file, keepExtra, labelMap } = this.#context;
    if (this.#truth.imageCount === 0)
      throw new BadInput(
        'truth-without-images',
        'The dataset has neither label files nor images.',
        'Check that it is the dataset’s folder.',
        { file },
      );
    if (this.#unsized > 0 && this.#truth.annotationCount === 0)
      throw new BadInput(
        'sizes-needed',
        'YOLO boxes are shares of their images, and none of the images was found.',
        'Give the folder of the images with --images.',
        { file },
      );
    if (keepExtra) this.#truth.extra = extra;
    return { truth: this.#truth.finish('yolo', labelMap, this.#report), findings: this.#report.list() };
  }
}
