/** What files of these formats are known to hold, format by format. */
import { describe, expect, it } from 'vitest';
import { FLAG_DIFFICULT, FLAG_GROUP_OF } from '../dataset/dataset';
import { memorySource } from './memory-source.fixture';
import { recogniseSource } from './recognise';
import { badInput, boxesOf, codes, read } from './small-files.fixture';

describe('labelme', () => {
  const file = (shapes: unknown, members: object = {}): string =>
    JSON.stringify({
      version: '5',
      flags: {},
      shapes,
      imagePath: '..\\img\\a.jpg',
      imageData: null,
      imageHeight: 50,
      imageWidth: 100,
      ...members,
    });
  const rectangle = {
    label: 'cat',
    points: [
      [30, 20],
      [10, 5],
    ],
    shape_type: 'rectangle',
  };

  it('takes corners in any order, four corners, polygons and circles; names across folders', async () => {
    const shapes = [
      rectangle,
      {
        ...rectangle,
        points: [
          [10, 5],
          [30, 5],
          [30, 20],
          [10, 20],
        ],
      },
      {
        label: 'dog',
        points: [
          [1, 1],
          [5, 2],
          [3, 9],
        ],
        shape_type: 'polygon',
      },
      {
        label: 'dog',
        points: [
          [20, 20],
          [20, 24],
        ],
        shape_type: 'circle',
      },
      { label: 'dog', points: [[20, 20]], shape_type: 'point' },
    ];
    const reading = await read('labelme', { 'json/a.json': file(shapes) });
    expect(boxesOf(reading)).toEqual([
      ['img/a.jpg', 'cat', 10, 5, 20, 15],
      ['img/a.jpg', 'cat', 10, 5, 20, 15],
      ['img/a.jpg', 'dog', 1, 1, 4, 8],
      ['img/a.jpg', 'dog', 16, 16, 8, 8],
    ]);
    expect(codes(reading)).toEqual(['polygons-as-boxes', 'shape-without-box']);
  });

  it('keeps fields that say something, and names inside the root', async () => {
    const reading = await read('labelme', {
      'a.json': file([{ ...rectangle, group_id: 3, difficult: true }], {
        checked: true,
        imagePath: '/etc/a.jpg',
      }),
    });
    expect(reading.truth.images[0]).toMatchObject({ fileName: 'a.jpg', extra: '{"checked":true}' });
    expect([...reading.truth.annotations.extra.values()]).toEqual(['{"group_id":3}']);
    expect(reading.truth.annotations.flags[0]).toBe(FLAG_DIFFICULT);
  });

  it('is bad input where it is cut off', async () => {
    expect(await badInput(read('labelme', { 'a.json': file([rectangle]).slice(0, -9) }))).toBe(
      'json-invalid',
    );
  });
});

describe('cvat', () => {
  const document = (body: string, meta = ''): string =>
    `<?xml version="1.0"?>\n<annotations><version>1.1</version>${meta}${body}</annotations>`;
  it('interpolates tracks between key frames, and ends them where they are outside', async () => {
    const box = (frame: number, x: number, outside = 0): string =>
      `<box frame="${frame}" outside="${outside}" keyframe="1" occluded="0" xtl="${x}" ytl="0" xbr="${x + 10}" ybr="10"/>`;
    const meta =
      '<meta><task><labels><label><name>dog</name></label><label><name>cat</name></label></labels><start_frame>0</start_frame><stop_frame>4</stop_frame><original_size><width>100</width><height>50</height></original_size></task></meta>';
    const reading = await read('cvat', {
      'a.xml': document(`<track id="0" label="cat">${box(0, 0)}${box(2, 20)}${box(3, 20, 1)}</track>`, meta),
    });
    expect(boxesOf(reading)).toEqual([
      ['frame_000000.png', 'cat', 0, 0, 10, 10],
      ['frame_000001.png', 'cat', 10, 0, 10, 10],
      ['frame_000002.png', 'cat', 20, 0, 10, 10],
    ]);
    expect(reading.truth.images).toHaveLength(5);
    expect(reading.truth.categories.map(({ name }) => name)).toEqual(['dog', 'cat']);
  });

  it('takes turned boxes as the upright ones around them, keeps attributes, and folders in names', async () => {
    const reading = await read('cvat', {
      'a.xml': document(
        '<image id="0" name="x/a.jpg" width="100" height="50" subset="train"><box label="cat" occluded="1" xtl="10" ytl="10" xbr="30" ybr="20" rotation="90"><attribute name="colour">red</attribute></box><points label="dog" points="1,2"/></image>',
      ),
    });
    const [[name, , x, y, width, height]] = boxesOf(reading) as [
      [string, string, number, number, number, number],
    ];
    expect([name, Math.round(x), Math.round(y), Math.round(width), Math.round(height)]).toEqual([
      'x/a.jpg',
      15,
      5,
      10,
      20,
    ]);
    expect([...reading.truth.annotations.extra.values()]).toEqual([
      '{"occluded":"1","attributes":{"colour":"red"}}',
    ]);
    expect(codes(reading)).toEqual(['box-rotated', 'shape-without-box']);
    expect(reading.truth.subsets).toMatchObject([{ name: 'train' }]);
  });

  it('refuses document types, and files that are cut off', async () => {
    const text = document('<image name="a.jpg"/>');
    expect(await badInput(read('cvat', { 'a.xml': text.slice(0, -5) }))).toBe('xml-invalid');
    expect(
      await badInput(read('cvat', { 'a.xml': text.replace('\n', '<!DOCTYPE a [<!ENTITY x "y">]>') })),
    ).toBe('xml-invalid');
  });
});

describe('label-studio', () => {
  const task = (value: object, members: object = {}): object => ({
    id: 1,
    data: { image: '/data/upload/3/0123abcd-a.jpg' },
    annotations: [
      {
        result: [
          {
            type: 'rectanglelabels',
            original_width: 100,
            original_height: 50,
            value: { x: 10, y: 20, width: 30, height: 40, rotation: 0, rectanglelabels: ['cat'], ...value },
          },
        ],
      },
    ],
    ...members,
  });
  const readText = (text: string) => read('label-studio', { 'a.json': text }, { isSingle: true });
  const reading = (...tasks: object[]) => readText(JSON.stringify(tasks));

  it('takes per cent, names of uploads and local files, and old “completions”', async () => {
    const { annotations, ...rest } = task({}) as { annotations: unknown };
    const old = await reading({
      ...rest,
      data: { image: '/data/local-files/?d=x%2Fb.jpg' },
      completions: annotations,
    });
    expect(boxesOf(old)).toEqual([['x/b.jpg', 'cat', 10, 10, 30, 20]]);
    expect(boxesOf(await reading(task({})))).toEqual([['a.jpg', 'cat', 10, 10, 30, 20]]);
    const remote = await reading(task({}, { data: { image: 'https://example.org/d/a.jpg?x=1' } }));
    expect(remote.truth.images[0]!.fileName).toBe('a.jpg');
  });

  it('takes JSON-MIN, with regions beside the image', async () => {
    const region = { x: 10, y: 20, width: 30, height: 40, original_width: 100, original_height: 50 };
    const minimal = {
      image: '/data/upload/1/0a1b2c3d-a.jpg',
      id: 7,
      boxes: [{ ...region, rotation: 0, rectanglelabels: ['cat'] }],
      shapes: [
        {
          ...{
            points: [
              [0, 0],
              [50, 0],
              [50, 50],
            ],
            polygonlabels: ['dog'],
          },
          ...{ original_width: 100, original_height: 50 },
        },
      ],
      quality: 'blurred',
      annotator: 1,
      lead_time: 3.5,
    };
    const text = JSON.stringify([minimal]);
    const [recognised] = await recogniseSource(memorySource({ 'a.json': text }, true));
    expect(recognised?.format.name).toBe('label-studio');
    const minimum = await readText(text);
    expect(boxesOf(minimum)).toEqual([
      ['a.jpg', 'cat', 10, 10, 30, 20],
      ['a.jpg', 'dog', 0, 0, 50, 25],
    ]);
    expect(minimum.truth.images[0]!.extra).toBe('{"quality":"blurred"}');
  });

  it('turns boxes about their first corner, and says so', async () => {
    const turned = await reading(task({ rotation: 90 }));
    const [[, , x, y, width, height]] = boxesOf(turned) as [[string, string, number, number, number, number]];
    expect([x, y, width, height].map(Math.round)).toEqual([-10, 10, 20, 30]);
    expect(codes(turned)).toEqual(['box-outside-image', 'box-rotated']);
  });

  it('takes the first annotation of several, and no cancelled one', async () => {
    const { annotations } = task({}) as { annotations: [object] };
    const several = await reading(
      task({}, { annotations: [{ ...annotations[0], was_cancelled: true }, ...annotations, ...annotations] }),
    );
    expect(several.truth.annotations.count).toBe(1);
    expect(codes(several)).toEqual(['annotations-repeated']);
  });
});

describe('open-images-csv', () => {
  const header =
    'ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside';
  it('takes XMin, XMax, YMin, YMax in that order, flags, and names by MID', async () => {
    const reading = await read('open-images-csv', {
      'train-annotations-bbox.csv': `${header}\na,xclick,/m/01,1,0.1,0.3,0.2,0.6,-1,0,1,0,0\n`,
      'class-descriptions-boxable.csv': '/m/02,Dog\n/m/01,"Cat, small"\n',
      'train-annotations-human-imagelabels.csv':
        'ImageID,Source,LabelName,Confidence\na,verification,/m/02,0\n',
    });
    expect(boxesOf(reading)).toEqual([['a.jpg', 'Cat, small', 10, 10, 20, 20]]);
    expect([...reading.truth.annotations.flags]).toEqual([FLAG_GROUP_OF]);
    expect([...reading.truth.annotations.extra.values()]).toEqual(['{"IsOccluded":-1}']);
    expect(reading.truth.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'Dog'],
      [2, 'Cat, small'],
    ]);
  });
});

describe('files that were cut off', () => {
  it('are told from whole ones in Open Images, and a row that is not whole is no box', async () => {
    const header = 'ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf\n';
    const list = 'ImageID,Subset,FileName,Width,Height\na,,a.jpg,100,50\n';
    const row = 'a,/m/01,0.1,0.3,0.2,0.6,0\n';
    const reading = async (boxes: string, names = '/m/01,Cat\n') =>
      read('open-images-csv', {
        'annotations-bbox.csv': boxes,
        'images.csv': list,
        'class-descriptions.csv': names,
      });
    const short = await reading(`${header}${row}${row.slice(0, -4)}`);
    expect(boxesOf(short)).toHaveLength(1);
    expect(codes(short)).toEqual(['line-not-ended', 'record-invalid']);
    expect(codes(await reading(header))).toEqual(['labels-empty']);
    const names = await reading(header + row, '/m/01,');
    expect(names.truth.categories[0]!.name).toBe('/m/01');
    expect(codes(names)).toEqual(['line-not-ended']);
  });

  it('are told from whole ones in Darknet’s lists', async () => {
    const reading = await read('darknet', {
      'obj.data': 'classes = 1\nnames = obj.names\ntrain = train.txt\n',
      'obj.names': 'cat\n',
      'train.txt': 'data/obj_train_data/a.jpg\ndata/obj_train_data/frame_0000',
      'obj_train_data/a.txt': '0 0.5 0.5 0.2 0.2\n',
      'obj_train_data/frame_000000.txt': '0 0.5 0.5 0.2 0.2\n',
    });
    expect(codes(reading)).toEqual(['image-without-file', 'labels-not-listed', 'line-not-ended']);
  });
});

describe('retinanet-csv', () => {
  it('has no header, empty images, classes from 0, and paths relative to the file', async () => {
    const reading = await read('retinanet-csv', {
      'x/annotations.csv': '../img/a.jpg,10,5,30,20,dog\nb.jpg,,,,,\n',
      'x/classes.csv': 'cat,0\ndog,1\n',
    });
    expect(boxesOf(reading)).toEqual([['img/a.jpg', 'dog', 10, 5, 20, 15]]);
    expect(reading.truth.images.map(({ fileName }) => fileName)).toEqual(['img/a.jpg', 'x/b.jpg']);
    expect(reading.truth.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'cat'],
      [2, 'dog'],
    ]);
  });

  it('is bad input where a quoted field does not end', async () => {
    expect(
      await badInput(
        read('retinanet-csv', { 'a.csv': 'a.jpg,1,2,3,4,cat\nb.jpg,1,2,3,4,"ca' }, { isSingle: true }),
      ),
    ).toBe('csv-invalid');
  });
});

describe('create-ml, via, vott', () => {
  it('take boxes about their centres', async () => {
    const text = JSON.stringify([
      {
        image: 'a.jpg',
        annotations: [{ label: 'cat', coordinates: { x: 20, y: 12.5, width: 20, height: 15 } }],
      },
      { image: 'b.jpg', annotations: [] },
    ]);
    const reading = await read('create-ml', { 'a.json': text }, { isSingle: true });
    expect(boxesOf(reading)).toEqual([['a.jpg', 'cat', 10, 5, 20, 15]]);
    expect(reading.truth.images).toHaveLength(2);
  });

  it('take VIA’s projects and exports, with regions as a list or by number', async () => {
    const region = {
      shape_attributes: { name: 'rect', x: 10, y: 5, width: 20, height: 15 },
      region_attributes: { class: 'cat' },
    };
    const entry = (regions: unknown): object => ({
      'a.jpg1': { filename: 'a.jpg', size: 1, regions, file_attributes: {} },
    });
    for (const document of [
      entry([region]),
      entry({ 0: region }),
      { _via_settings: {}, _via_img_metadata: entry([region]) },
    ])
      expect(boxesOf(await read('via', { 'a.json': JSON.stringify(document) }, { isSingle: true }))).toEqual([
        ['a.jpg', 'cat', 10, 5, 20, 15],
      ]);
  });

  it('take VIA’s projects of the third version, with files, views and attributes by number', async () => {
    const project = {
      project: { pid: '__VIA_PROJECT_ID__', pname: 'p', vid_list: ['1', '2', '3'] },
      config: {},
      attribute: {
        1: { aname: 'class', anchor_id: 'FILE1_Z0_XY1', type: 4, options: { 0: 'cat', 1: 'dog' } },
        2: { aname: 'note', type: 1, options: {} },
      },
      file: {
        1: { fid: '1', fname: 'a.jpg', type: 2, loc: 1, src: '' },
        2: { fid: '2', fname: 'b.jpg', type: 2, loc: 1, src: '' },
        3: { fid: '3', fname: 'c.mp4', type: 4, loc: 1, src: '' },
      },
      metadata: {
        '1_a': { vid: '1', flg: 0, z: [], xy: [2, 10, 5, 20, 15], av: { 1: '1', 2: '0' } },
        '1_b': { vid: '1', flg: 0, z: [], xy: [7, 0, 0, 50, 0, 50, 25], av: { 1: '0' } },
        '1_c': { vid: '1', flg: 0, z: [], xy: [1, 3, 3], av: { 1: '0' } },
        '2_a': { vid: '2', flg: 0, z: [], xy: [], av: { 2: 'blurred' } },
        '3_a': { vid: '3', flg: 0, z: [1.5], xy: [2, 1, 1, 2, 2], av: { 1: '0' } },
      },
      view: { 1: { fid_list: ['1'] }, 2: { fid_list: ['2'] }, 3: { fid_list: ['3'] } },
    };
    const text = JSON.stringify(project);
    const [recognised] = await recogniseSource(memorySource({ 'via.json': text }, true));
    expect(recognised?.format.name).toBe('via');
    const reading = await read('via', { 'via.json': text }, { isSingle: true });
    expect(boxesOf(reading)).toEqual([
      ['a.jpg', 'dog', 10, 5, 20, 15],
      ['a.jpg', 'cat', 0, 0, 50, 25],
    ]);
    expect(reading.truth.images.map(({ fileName }) => fileName)).toEqual(['a.jpg', 'b.jpg']);
    expect(codes(reading)).toEqual(['polygons-as-boxes', 'shape-without-box']);
  });

  it('take VoTT’s assets', async () => {
    const asset = {
      asset: { name: 'a%20b.jpg', size: { width: 100, height: 50 } },
      regions: [{ tags: ['cat'], boundingBox: { left: 10, top: 5, width: 20, height: 15 }, points: [] }],
    };
    for (const document of [asset, { assets: { x: asset }, tags: [] }])
      expect(boxesOf(await read('vott', { 'a.json': JSON.stringify(document) }, { isSingle: true }))).toEqual(
        [['a b.jpg', 'cat', 10, 5, 20, 15]],
      );
  });
});

describe('hostile names', () => {
  it('of classes and files are names, whatever a prototype has', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const text = JSON.stringify(
      names.map((name) => ({
        image: name,
        annotations: [{ label: name, coordinates: { x: 2, y: 2, width: 2, height: 2 } }],
      })),
    );
    const { truth } = await read('create-ml', { 'a.json': text }, { isSingle: true });
    expect(truth.categories.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(truth.images.map(({ fileName }) => fileName).sort()).toEqual([...names].sort());
    expect(({} as Record<string, unknown>)['label']).toBeUndefined();
  });
});
