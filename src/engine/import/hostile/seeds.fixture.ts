/** A small dataset in every form that is read: what mutants are made of, and what is cut off at every place. */
import { gzipSync } from 'node:zlib';
import type { PredictionColumns, Truth } from '../../../core/dataset/dataset';
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF } from '../../../core/dataset/dataset';
import { noProgress } from '../../../core/foundation/cancellation';
import { filesOf } from '../../../core/formats/memory-source.fixture';
import { NamedTruth } from '../../../core/formats/named-truth';
import { RecordReporter } from '../../../core/formats/reading';
import { FORMATS } from '../../../core/formats/registry';
import { bitmap, tarOf, zipOf } from './archives.fixture';
import { otherSeeds } from './other-seeds.fixture';
import type { Seed } from './seed.fixture';

const SIZE = { width: 640, height: 480 };

export function seedTruth(): Truth {
  const truth = new NamedTruth();
  for (const [image, name] of ['a.jpg', 'b.jpg', 'c.jpg'].entries()) {
    const index = truth.image(name, SIZE.width, SIZE.height);
    truth.putInto(image === 2 ? 'val' : 'train', index);
    for (let at = 0; at < 3 - image; at++) {
      const flags = at === 1 ? FLAG_DIFFICULT | FLAG_CROWD | FLAG_GROUP_OF : 0;
      const box = [10.5 * at, 20, 30 + at, 40.25] as const;
      truth.add(index, truth.classOf(at % 2 ? 'cat' : 'dog'), box, flags);
    }
  }
  return truth.finish('csv', null, new RecordReporter({ file: 'seed' }));
}

function predictionsOf(truth: Truth): PredictionColumns {
  const { count, image, category, box } = truth.annotations;
  const score = Float64Array.from({ length: count }, (_, row) => (row + 1) / (count + 1));
  return { count, image, category, box, score, fileIndex: new Uint32Array(count) };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const json = (value: unknown): Uint8Array => bytes(JSON.stringify(value, null, 1));

/** Forms that are read and not written. */
function readOnly(): Seed[] {
  const truth = (name: string, format: string, files: Record<string, Uint8Array>, boxes: number): Seed => ({
    ...{ name, kind: 'truth', format, files, boxes },
    isSingle: Object.keys(files).length === 1,
  });
  const rect = (x: number) => ({
    shape_attributes: { name: 'rect', x, y: 20, width: 30, height: 40 },
    region_attributes: { class: 'dog' },
  });
  const via = (regions: unknown) => ({
    'a.jpg1': { filename: 'a.jpg', size: 1, regions, file_attributes: {} },
  });
  const polygon = {
    shape_attributes: { name: 'polygon', all_points_x: [1, 50, 50], all_points_y: [1, 1, 40] },
    region_attributes: { class: { cat: true } },
  };
  const region = (left: number) => ({
    id: 'r',
    type: 'RECTANGLE',
    tags: ['dog'],
    boundingBox: { left, top: 20, width: 30, height: 40 },
    points: [],
  });
  const asset = (name: string) => ({
    asset: { format: 'jpg', id: name, name, path: `file:${name}`, size: SIZE, state: 2, type: 1 },
    regions: [region(1), region(50)],
    version: '2.2.0',
  });
  const video = `<?xml version="1.0"?><annotations><version>1.1</version><meta><task><size>4</size><start_frame>0</start_frame>
<stop_frame>3</stop_frame><original_size><width>640</width><height>480</height></original_size></task></meta>
<track id="0" label="dog"><box frame="0" outside="0" occluded="0" keyframe="1" xtl="1" ytl="2" xbr="30" ybr="40"></box>
<box frame="3" outside="0" occluded="0" keyframe="1" xtl="4" ytl="2" xbr="33" ybr="40"><attribute name="a">b</attribute></box></track></annotations>`;
  const masks = {
    images: [{ id: 1, file_name: 'a.jpg', ...SIZE }],
    annotations: [
      { segmentation: [[1, 2, 50, 2, 50, 40.5]] },
      { bbox: [], segmentation: { size: [480, 640], counts: [1000, 20, 460, 20, 305_700] } },
      { bbox: null, segmentation: { size: [50, 100], counts: `on1d0n${'0'.repeat(38)}Qn1` } },
    ].map((shape, id) => ({ id: id + 1, image_id: 1, category_id: 1, iscrowd: 0, area: 9, ...shape })),
    categories: [{ id: 1, name: 'dog' }],
  };
  const lengths =
    'label_name,bbox_x,bbox_y,bbox_width,bbox_height,image_name,image_width,image_height\ndog,1,2,30,40.5,a.jpg,640,480\n"c,at",5,6,7,8,b.jpg,640,480\n';
  const line = (number: number): Uint8Array => bytes(`${number} 0.5 0.5 0.25 0.125\n`);
  const picture = Uint8Array.from(bitmap(SIZE.width, SIZE.height));
  const elsewhere = {
    'obj.data': bytes('classes=2\ntrain=data/train.txt\nvalid=data/train.txt\nnames=data/obj.names\n'),
    'obj.names': bytes('dog\ncat\n'),
    'train.txt': bytes('/x/images/c.bmp\r\nC:\\x\\images\\a.bmp\r\nb.bmp\r\n'),
    ...Object.fromEntries(['a', 'b', 'c'].map((stem) => [`images/${stem}.bmp`, picture])),
    'labels/a.txt': line(0),
    'labels/b.txt': line(1),
  };
  const beside = {
    'train/_darknet.labels': bytes('dog\ncat'),
    'train/a.bmp': picture,
    'train/a.txt': line(0),
    'valid/_darknet.labels': bytes('dog\ncat'),
    'valid/b.bmp': picture,
    'valid/b.txt': line(1),
  };
  return [
    truth('via', 'via', { 'via.json': json(via([rect(1), rect(50), polygon])) }, 3),
    truth('via-1', 'via', { 'via.json': json({ _via_img_metadata: via({ 0: rect(1), 1: rect(9) }) }) }, 2),
    truth('vott', 'vott', { 'a-asset.json': json(asset('a.jpg')), 'b-asset.json': json(asset('b.jpg')) }, 4),
    truth(
      'vott-export',
      'vott',
      { 'export.json': json({ name: 'p', assets: { a: asset('a.jpg'), b: asset('b.jpg') } }) },
      4,
    ),
    truth('coco-masks', 'coco', { 'masks.json': json(masks) }, 3),
    truth('csv-lengths', 'csv', { 'l.csv': bytes(lengths) }, 2),
    truth('darknet-labels', 'darknet', elsewhere, 2),
    truth('yolo-beside', 'yolo', beside, 2),
    truth('cvat-video', 'cvat', { 'video.xml': bytes(video) }, 4),
    truth(
      'csv-utf16',
      'csv',
      {
        'l.csv': Buffer.from(
          '\ufefffilename;width;height;class;xmin;ymin;xmax;ymax\r\na.jpg;640;480;dog;1,5;2;30;40\r\nb.jpg;640;480;"c;at";1;2;30;40\r\n',
          'utf16le',
        ),
      },
      2,
    ),
    {
      name: 'predictions-json',
      kind: 'predictions',
      format: 'coco-results',
      files: {
        // As Ultralytics writes it: the image's stem where it is no number.
        'predictions.json': json(
          ['a', 'b', 'c'].map((image_id) => ({
            ...{
              image_id,
              file_name: `${image_id}.jpg`,
              category_id: 1,
              bbox: [1.5, 2, 30, 40.25],
              score: 0.5,
            },
          })),
        ),
      },
      isSingle: true,
      boxes: 3,
    },
  ];
}

/** Archives and compressed files of others. */
async function packed(seeds: readonly Seed[]): Promise<Seed[]> {
  const made: Seed[] = [];
  const put = (seed: Seed, name: string, file: string, content: Uint8Array): void => {
    made.push({ ...seed, name: `${seed.name}-${name}`, files: { [file]: content }, isSingle: true });
  };
  for (const name of ['yolo', 'voc']) {
    const seed = seeds.find((one) => one.name === name)!;
    const files = Object.fromEntries(
      Object.entries(seed.files).map(([path, content]) => [`set/${path}`, content]),
    );
    put(seed, 'zip', 'set.zip', zipOf(files));
    put(seed, 'zip-deflated', 'set.zip', zipOf(files, { isDeflated: true }));
    const archive = await tarOf(files);
    put(seed, 'tar', 'set.tar', archive);
    put(seed, 'tar-gz', 'set.tar.gz', gzipSync(archive));
  }
  for (const name of ['coco', 'tfrecord', 'csv', 'coco-results']) {
    const seed = seeds.find((one) => one.name === name)!;
    const [path, content] = Object.entries(seed.files)[0]!;
    put(seed, 'gz', `${path}.gz`, gzipSync(content));
  }
  return made;
}

/** The whole corpus. */
export async function seedCorpus(): Promise<Seed[]> {
  const truth = seedTruth();
  const boxes = truth.annotations.count;
  const seeds: Seed[] = [];
  for (const { name, truthWriter, predictionsWriter } of FORMATS) {
    if (truthWriter) {
      const isSingle = truthWriter.layout === 'file';
      const written = await filesOf(truthWriter.write(truth, { imageBytes: null, progress: noProgress }));
      const files: Record<string, Uint8Array> = isSingle
        ? { [`labels${truthWriter.extension}`]: written['labels']! }
        : { ...written };
      if (truthWriter.expresses.needsSizes && !isSingle)
        for (const index of truth.images.keys())
          files[truthWriter.imagePath(truth, index)] = bitmap(SIZE.width, SIZE.height);
      seeds.push({ name, kind: 'truth', format: name, files, isSingle, boxes });
    }
    if (predictionsWriter) {
      const isSingle = predictionsWriter.layout === 'file';
      const written = await filesOf(predictionsWriter.write(truth, predictionsOf(truth)));
      const files = isSingle ? { predictions: written['labels']! } : written;
      const label = truthWriter ? `${name}-predictions` : name;
      seeds.push({ name: label, kind: 'predictions', format: name, files, isSingle, boxes });
    }
  }
  seeds.push(...readOnly());
  return [...seeds, ...(await packed(seeds)), ...otherSeeds()];
}
