/** Datasets in the layouts that outside tools write: paths of other machines, folders of other names, columns called otherwise. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../core/foundation/bad-input';
import type { TargetFile } from '../../core/formats/format';
import { formatNamed } from '../../core/formats/registry';
import { boxesOf } from '../../core/formats/small-files.fixture';
import { noProgress } from '../../core/foundation/cancellation';
import { bitmap } from './hostile/archives.fixture';
import type { LoadedTruth } from './load';
import { loadTruth } from './load';
import { recognise } from './recognise';

const root = mkdtempSync(path.join(tmpdir(), 'reticle-tools-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | Uint8Array>>;
let sets = 0;

function place(files: Files): string {
  const folder = path.join(root, String(++sets));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

const load = (files: Files, file = ''): Promise<LoadedTruth> => loadTruth(path.join(place(files), file));
const subsetsOf = ({ subsets }: LoadedTruth): unknown =>
  Object.fromEntries(subsets.map(({ name, images }) => [name, images]));
const sorted = (boxes: readonly unknown[]): unknown[] => boxes.map(String).sort();

/** Of 100 by 50 pixels. */
const image = bitmap(100, 50);
/** A cat at 40, 15, 20 by 20; a dog that is the whole image. */
const CAT = '0 0.5 0.5 0.2 0.4\n';
const DOG = '1 0.5 0.5 1 1\n';
const cat = (name: string, label = 'cat'): string => `${name},${label},40,15,20,20`;
const dog = (name: string, label = 'dog'): string => `${name},${label},0,0,100,50`;

describe('Darknet', () => {
  const around = (folder: string, labels: string, list: (name: string) => string): Files => ({
    'obj.data': 'classes=2\ntrain=data/train.txt\nvalid=data/train.txt\nnames=data/obj.names\n',
    'obj.names': 'cat\ndog\n',
    'train.txt': ['a.bmp', 'b.bmp', 'empty.bmp'].map((name) => `${list(name)}\r\n`).join(''),
    ...Object.fromEntries(['a', 'b', 'empty'].map((stem) => [`${folder}/${stem}.bmp`, image])),
    [`${labels}/a.txt`]: CAT,
    [`${labels}/b.txt`]: DOG,
  });

  it.each([
    [
      'absolute paths',
      'obj_train_data',
      'obj_train_data',
      (name: string) => `/home/me/x/obj_train_data/${name}`,
      '',
    ],
    [
      'Windows’ paths',
      'obj_train_data',
      'obj_train_data',
      (name: string) => `C:\\x\\obj_train_data\\${name}`,
      '',
    ],
    ['names alone', 'obj_train_data', 'obj_train_data', (name: string) => name, ''],
    ['images/ and labels/', 'images', 'labels', (name: string) => `data/images/${name}`, 'images/'],
    [
      'JPEGImages/ and labels/',
      'JPEGImages',
      'labels',
      (name: string) => `/VOC/JPEGImages/${name}`,
      'JPEGImages/',
    ],
  ])('lists with %s', async (_, folder, labels, list, prefix) => {
    const loaded = await load(around(folder, labels, list));
    expect(boxesOf(loaded).map(String)).toEqual([cat(`${prefix}a.bmp`), dog(`${prefix}b.bmp`)]);
    expect(loaded.truth.images).toHaveLength(3);
    expect(loaded.findings).toEqual([]);
  });

  it('a name alone that two folders have is no guess', async () => {
    const files = around('one', 'one', (name) => name);
    const { truth, findings } = await load({ ...files, 'two/a.bmp': image });
    expect(boxesOf({ truth }).map(String)).toEqual([dog('one/b.bmp')]);
    expect(findings.map(({ code }) => code)).toContain('labels-not-listed');
  });

  it('obj.data itself stands for its folder', async () => {
    const files = around('obj_train_data', 'obj_train_data', (name) => name);
    expect((await load(files, 'obj.data')).truth.annotations.count).toBe(2);
  });
});

describe('Ultralytics', () => {
  const layout = (images: string, labels: string, yaml: string, others: Files = {}): Files => ({
    'data.yaml': `${yaml}\nnames: [cat, dog]\n`,
    [`${images.replace('*', 'train')}/a.bmp`]: image,
    [`${images.replace('*', 'val')}/b.bmp`]: image,
    [`${labels.replace('*', 'train')}/a.txt`]: CAT,
    [`${labels.replace('*', 'val')}/b.txt`]: DOG,
    ...others,
  });
  const plain = layout('images/*', 'labels/*', 'train: images/train\nval: images/val');

  it.each([
    [
      'lists of paths on another machine',
      layout('images/*', 'labels/*', 'train: /x/train.txt\nval: /x/val.txt', {
        'train.txt': '/x/images/train/a.bmp\r\n',
        'val.txt': 'D:\\x\\images\\val\\b.bmp\r\n',
      }),
    ],
    [
      'lists of paths relative to the list',
      layout('images/*', 'labels/*', 'train: images/train.txt\nval: images/val.txt', {
        'images/train.txt': './train/a.bmp\n',
        'images/val.txt': './val/b.bmp\n',
      }),
    ],
    ['capitals', layout('Images/*', 'Labels/*', 'train: Images/train\nval: Images/val')],
    ['images/ in capitals alone', layout('Images/*', 'labels/*', 'train: images/train\nval: images/val')],
    ['folders above images/', layout('*/images', '*/labels', 'path: x\ntrain: train\nval: val')],
  ])('%s', async (_, files) => {
    const loaded = await load(files);
    const boxes = boxesOf(loaded).map((box) => String(box).replace(/^(?:train|val)\//, ''));
    expect(boxes).toEqual([cat('a.bmp'), dog('b.bmp')]);
    expect(subsetsOf(loaded)).toEqual({ train: 1, val: 1 });
    expect(loaded.findings).toEqual([]);
  });

  it('data.yaml itself stands for its folder; of several the one that was given', async () => {
    const files = { ...plain, 'a-other.yaml': 'names: [one, two]\ntrain: images/train\n' };
    expect(boxesOf(await load(files, 'data.yaml')).map(String)).toEqual([cat('a.bmp'), dog('b.bmp')]);
    expect(boxesOf(await load(files, 'a-other.yaml')).map(String)).toContain(cat('a.bmp', 'one'));
  });

  it.each(['', 'data.yaml'])('“%s” says the same where the format is named', async (given) => {
    const loaded = await loadTruth(path.join(place(plain), given), { format: 'yolo' });
    expect(boxesOf(loaded).map(String)).toEqual([cat('a.bmp'), dog('b.bmp')]);
  });

  it('labels of images that no split names keep their boxes', async () => {
    const { truth } = await load({ ...plain, 'images/extra/c.bmp': image, 'labels/extra/c.txt': CAT });
    expect(truth.annotations.count).toBe(3);
  });
});

describe('Roboflow', () => {
  const voc = (object: string): string =>
    `<annotation><filename>x.bmp</filename><size><width>100</width><height>50</height></size>${object}</annotation>`;
  const box = (corners: readonly number[]): string =>
    ['xmin', 'xmax', 'ymin', 'ymax'].map((name, at) => `<${name}>${corners[at]}</${name}>`).join('');
  const object = (name: string, corners: readonly number[]): string =>
    `<object><name>${name}</name><bndbox>${box(corners)}</bndbox></object>`;

  it('VOC: a folder a split, whose images are told apart where they share a name', async () => {
    const loaded = await load({
      'train/x.xml': voc(object('cat', [40, 60, 15, 35])),
      'train/x.bmp': image,
      'valid/x.xml': voc(object('dog', [0, 100, 0, 50])),
      'valid/x.bmp': image,
    });
    expect(boxesOf(loaded).map(String)).toEqual([cat('train/x.bmp'), dog('valid/x.bmp')]);
    expect(subsetsOf(loaded)).toEqual({ train: 1, valid: 1 });
  });

  it('Darknet: labels beside the images, classes in a list of each split', async () => {
    const loaded = await load({
      'train/_darknet.labels': 'cat\ndog',
      'train/a.bmp': image,
      'train/a.txt': CAT,
      'valid/_darknet.labels': 'cat\ndog',
      'valid/b.bmp': image,
      'valid/b.txt': DOG,
    });
    expect(boxesOf(loaded).map(String)).toEqual([cat('a.bmp'), dog('b.bmp')]);
    expect(subsetsOf(loaded)).toEqual({ train: 1, valid: 1 });
  });

  it('a split without objects does not end the import, and is told', async () => {
    const header = 'filename,width,height,class,xmin,ymin,xmax,ymax\n';
    const files = {
      'train/_annotations.csv': `${header}a.bmp,100,50,cat,40,15,60,35\n`,
      'test/_annotations.csv': header,
    };
    const loaded = await load(files);
    expect(boxesOf(loaded).map(String)).toEqual([cat('a.bmp')]);
    expect(loaded.findings.map(({ code }) => code)).toContain('file-without-images');
    await expect(loadTruth(place(files), { strict: true })).rejects.toThrow(BadInput);
    await expect(load({ 'train/_annotations.csv': header, 'test/_annotations.csv': header })).rejects.toThrow(
      BadInput,
    );
  });

  it('lists of classes beside keras-retinanet’s rows are read, and so not passed over', async () => {
    const { truth, findings } = await load({
      'train/_annotations.csv': 'a.bmp,40,15,60,35,cat\n',
      'train/_classes.csv': 'cat,0\n',
    });
    expect(truth.categories.map(({ name }) => name)).toEqual(['cat']);
    expect(findings).toEqual([]);
  });
});

describe('tables', () => {
  it.each([
    ['without sizes, in another order', 'filename,xmin,ymin,xmax,ymax,class\na.bmp,40,15,60,35,cat\n'],
    ['Kaggle’s names', 'image,x_min,y_min,x_max,y_max,label\na.bmp,40,15,60,35,cat\n'],
    [
      'makesense.ai’s near corner and size',
      'label_name,bbox_x,bbox_y,bbox_width,bbox_height,image_name,image_width,image_height\ncat,40,15,20,20,a.bmp,100,50\n',
    ],
    [
      'Excel’s line of the separator',
      'sep=;\r\nfilename;xmin;ymin;xmax;ymax;class\r\na.bmp;40,0;15,0;60,0;35,0;cat\r\n',
    ],
  ])('%s', async (_, text) => {
    expect(boxesOf(await load({ 'labels.csv': text })).map(String)).toEqual([cat('a.bmp')]);
  });

  it('says the line of a row after Excel’s own', async () => {
    const rows = 'filename,xmin,ymin,xmax,ymax,class\na.bmp,40,15,60,35,cat\na.bmp,40,15,60,35,\n';
    const { findings } = await load({ 'labels.csv': `sep=,\n${rows}` });
    expect(findings.find(({ code }) => code === 'object-without-class')?.where.line).toBe(4);
  });

  it('Open Images’ challenge: descriptions with a number behind', async () => {
    const { truth, findings } = await load({
      'challenge-2019-validation-detection-bbox.csv':
        'ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf\na,/m/01yrx,0.4,0.6,0.3,0.7,0\n',
      'challenge-2019-classes-description-500.csv': '/m/01yrx,cat,1\n',
      'a.bmp': image,
    });
    expect(boxesOf({ truth }).map(String)).toEqual([cat('a.bmp')]);
    expect(findings).toEqual([]);
  });
});

describe('COCO', () => {
  const coco = (annotations: readonly unknown[]): string =>
    JSON.stringify({
      images: [{ id: 1, file_name: 'a.bmp', width: 100, height: 50 }],
      annotations: annotations.map((one, id) => ({
        id: id + 1,
        image_id: 1,
        category_id: 1,
        iscrowd: 0,
        ...(one as object),
      })),
      categories: [{ id: 1, name: 'cat' }],
    });

  it('takes the box around polygons and masks of annotations that have none', async () => {
    const mask = {
      size: [50, 100],
      counts: [40 * 50 + 15, ...Array.from({ length: 19 }, () => [20, 30]).flat(), 20, 2015],
    };
    // As pycocotools packs the same mask.
    const packed = { size: [50, 100], counts: `on1d0n${'0'.repeat(38)}Qn1` };
    const { truth, findings } = await load({
      'labels.json': coco([
        {
          segmentation: [
            [40, 15, 60, 15, 50, 35],
            [41, 16, 42, 16, 42, 20],
          ],
        },
        { bbox: [], segmentation: mask },
        { bbox: null, segmentation: packed },
        { bbox: [1, 2, 3], segmentation: mask },
      ]),
    });
    expect(boxesOf({ truth }).map(String)).toEqual([cat('a.bmp'), cat('a.bmp'), cat('a.bmp')]);
    expect(findings.map(({ code, count }) => [code, count])).toContainEqual(['polygons-as-boxes', 3]);
    // A box that is wrong is wrong, whatever stands beside it.
    expect(findings.map(({ code, count }) => [code, count])).toContainEqual(['box-invalid', 1]);
  });

  it('refuses the panoptic form by name', async () => {
    const panoptic = coco([]).replace('[],', '[{"image_id":1,"file_name":"a.png","segments_info":[]}],');
    await expect(load({ 'panoptic.json': panoptic })).rejects.toThrow(/panoptic/);
  });

  it('a split without images adds nothing', async () => {
    const empty = JSON.stringify({ images: [], annotations: [], categories: [{ id: 1, name: 'cat' }] });
    const loaded = await load({
      'train/_annotations.coco.json': coco([{ bbox: [40, 15, 20, 20], area: 400 }]),
      'test/_annotations.coco.json': empty,
    });
    expect(boxesOf(loaded).map(String)).toEqual([cat('a.bmp')]);
    expect(subsetsOf(loaded)).toEqual({ train: 1 });
  });
});

it('Create ML: the image’s name under the names that tools give it', async () => {
  for (const key of ['image', 'imagefilename', 'filename', 'imageURL']) {
    const coordinates = { x: 50, y: 25, width: 20, height: 20 };
    const list = [{ [key]: 'a.bmp', annotations: [{ label: 'cat', coordinates }] }];
    expect(sorted(boxesOf(await load({ 'a.json': JSON.stringify(list) })))).toEqual([cat('a.bmp')]);
  }
});

describe('what is known and not read is said by its name', () => {
  it.each([
    ['VisDrone', 'a.txt', '684,8,273,116,0,0,0,0\n255,22,119,128,1,4,1,2,\n'],
    ['MOT', 'gt/gt.txt', '1,1,912,484,97,109,0,7,1\n'],
    ['WIDER FACE', 'wider_face_val_bbx_gt.txt', '0--Parade/a.jpg\n1\n345 211 4 4 2 0 0 0 2 0 \n'],
    ['DOTA', 'labelTxt/a.txt', 'imagesource:GoogleEarth\ngsd:0.1\n1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0 plane 0\n'],
    ['DOTA', 'labelTxt/a.txt', '1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0 ground-track-field 1\n'],
    ['KITTI’s tracking', 'label_02/0000.txt', `0 -1 DontCare -1 -1 -10.0 ${'1.5 '.repeat(11).trim()}\n`],
    ['YOLO Keras', 'train/_annotations.txt', 'a b.jpg 1,2,3,4,0 5,6,7,8,1\nc.jpg\n'],
    ['AutoML', 'a.csv', 'TRAIN,gs://b/a.jpg,cat,0.1,0.2,,,0.3,0.4,,\n'],
    [
      'imglab',
      'a.xml',
      "<?xml version='1.0'?>\n<dataset>\n<images>\n<image file='a.jpg'>\n</image></images></dataset>",
    ],
    ['DOCTYPE', 'a.xml', '<?xml version="1.0"?>\n<!DOCTYPE annotation>\n<annotation/>'],
    ['BDD100K', 'a.json', '[{"name":"a.jpg","labels":[{"box2d":{"x1":1}}]}]'],
    ['SageMaker', 'output.manifest', '{"source-ref":"s3://b/a.jpg","b":{"annotations":[{"top":1}]}}\n'],
    ['PaliGemma', 'a.jsonl', '{"image":"a.jpg","suffix":"<loc0256><loc0102><loc0768><loc0410> cat"}\n'],
    ['7z', 'a.7z', Buffer.from('377abcaf271c0004', 'hex')],
    ['an empty file', 'a.txt', ''],
  ])('%s', async (name, file, content) => {
    const folder = place({ [file]: content });
    expect((await recognise(path.join(folder, file))).why).toContain(name);
    const error: unknown = await loadTruth(path.join(folder, file)).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(BadInput);
    expect((error as BadInput).code).toBe('not-recognised');
    if (content.length > 0) expect((await recognise(folder)).why).toContain(name === '7z' ? 'archive' : name);
  });
});

describe('Create ML’s anchor', () => {
  const list = JSON.stringify([
    {
      image: 'a.jpg',
      annotations: [{ label: 'cat', coordinates: { x: 40, y: 15, width: 200, height: 20 } }],
    },
  ]);

  it('is the centre, and the near corner is suggested where boxes start outside their images', async () => {
    const loaded = await load({ 'a.json': list });
    expect(boxesOf(loaded)).toEqual([['a.jpg', 'cat', -60, 5, 200, 20]]);
    expect(loaded.conventions.suggested?.choice).toEqual({ layout: 'xywh' });
  });

  it('is what the user says, and is written so again', async () => {
    const file = path.join(place({ 'a.json': list }), 'a.json');
    const { truth, conventions } = await loadTruth(file, { conventions: { layout: 'xywh' } });
    expect(boxesOf({ truth })).toEqual([['a.jpg', 'cat', 40, 15, 200, 20]]);
    expect(conventions.suggested).toBeNull();
    const [written] = [
      ...(formatNamed('create-ml')!.truthWriter!.write(truth, {
        imageBytes: null,
        progress: noProgress,
      }) as Iterable<TargetFile>),
    ];
    const text = [...(written!.content as Iterable<string>)].join('');
    expect(JSON.parse(text)).toEqual(JSON.parse(list));
  });
});
