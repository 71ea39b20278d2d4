/** What the numbers of boxes mean, classes under other names, and what goes out: the same options on every command. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useCommandLine } from './command-line.fixture';

const cli = useCommandLine();

interface Document {
  readonly counts: { images: number; annotations: number; categories: number };
  readonly boxes: { width: { max: number | null }; small: number | null };
  readonly conventions: {
    layout: string;
    origin: number;
    evidence: { part: string; how: string }[];
    suggested: { choice: Record<string, unknown> } | null;
  };
  readonly classes: { name: string; truth: number; predictions: number }[];
  readonly results: { metrics: Record<string, number> }[];
  readonly difference: { images: Record<string, number>; edits: Record<string, number> };
  readonly findings: { code: string }[];
  readonly images: number;
  readonly error: { code: string };
}
async function reticle(...args: string[]): Promise<{ code: number; document: Document }> {
  const code = await cli.run(...args, '--json');
  return { code, document: JSON.parse(cli.out) as Document };
}
const at = (...parts: string[]): string => path.join(cli.folder, ...parts);
function write(name: string, content: string | object): void {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
}

const xml = (name: string, ...boxes: string[]): string =>
  `<annotation><filename>${name}.jpg</filename><size><width>100</width><height>50</height><depth>3</depth></size>${boxes
    .map((box) => {
      const [className, left, top, right, bottom] = box.split(' ');
      return `<object><name>${className}</name><bndbox><xmin>${left}</xmin><ymin>${top}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox></object>`;
    })
    .join('')}</annotation>`;
function writeVoc(): void {
  write('voc/Annotations/a.xml', xml('a', 'cat 1 1 100 50', 'dog 11 11 30 30'));
  write('voc/Annotations/b.xml', xml('b', 'cat 1 5 20 30'));
  write('voc/ImageSets/Main/train.txt', 'a\n');
  write('voc/ImageSets/Main/val.txt', 'b\n');
}

describe('conventions', () => {
  it('official corners are suspected by inspect, scored by evaluate, and written back as they came', async () => {
    writeVoc();
    const { document } = await reticle('inspect', 'voc');
    expect(document.conventions).toMatchObject({
      layout: 'xyxy',
      origin: 0,
      suggested: { choice: { origin: 1, far: 'inclusive' } },
    });
    write('results.json', [{ image_id: 'a', category_id: 'cat', bbox: [0, 0, 100, 50], score: 0.9 }]);
    const evaluated = async (...more: string[]): Promise<number> => {
      const args = ['--truth', 'voc', '--predictions', 'results.json', '--subset', 'train', '--iou', '0.99'];
      const { document: scored } = await reticle('evaluate', ...args, '--categories', 'cat', ...more);
      return scored.results[0]!.metrics['AP']!;
    };
    expect(await evaluated()).toBe(0);
    expect(await evaluated('--voc-corners', 'official')).toBeCloseTo(1, 9);
    expect(await evaluated('--conventions', 'origin=1,far=inclusive')).toBeCloseTo(1, 9);

    await reticle('project', 'new', 'p.reticle');
    await reticle('project', 'import', 'p.reticle', '--truth', 'voc', '--voc-corners', 'official');
    const operations = [{ change: { annotation: 2, bbox: [20, 10, 5, 5] } }];
    write('operations.json', operations);
    await reticle('project', 'edit', 'p.reticle', '--operations', 'operations.json');
    const exported = await reticle('project', 'export', 'p.reticle', '--to', 'out', '--to-format', 'voc');
    expect(exported.code).toBe(0);
    const plain = (file: string): string => readFileSync(at(file), 'utf8').replaceAll(/\s|<\?xml.*?\?>/g, '');
    expect(plain('out/Annotations/a.xml')).toBe(
      xml('a', 'cat 1 1 100 50', 'dog 21 11 25 15').replaceAll(/\s/g, ''),
    );
  });

  it('of predictions are chosen apart', async () => {
    write('truth.json', {
      images: [{ id: 1, file_name: 'a.jpg', width: 100, height: 50 }],
      categories: [{ id: 1, name: 'cat' }],
      annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [10, 10, 20, 20], area: 400, iscrowd: 0 }],
    });
    write('results.json', [{ image_id: 1, category_id: 1, bbox: [10, 10, 30, 30], score: 0.9 }]);
    const files = ['--truth', 'truth.json', '--predictions', 'results.json'];
    const { document } = await reticle('evaluate', ...files, '--predictions-conventions', 'layout=xyxy');
    expect(document.results[0]!.metrics['AP']).toBeCloseTo(1, 9);
  });

  it('that say nothing, or what the format says itself, are refused', async () => {
    writeVoc();
    expect((await reticle('inspect', 'voc', '--conventions', 'corners=1')).document.error.code).toBe('usage');
    const fixed = await reticle('inspect', 'voc', '--conventions', 'units=shares');
    expect([fixed.code, fixed.document.error.code]).toEqual([2, 'convention-fixed']);
  });

  it('a YOLO folder without images tells what it can', async () => {
    write('yolo/labels/a.txt', '0 0.5 0.5 0.25 0.5\n1 0.2 0.2 0.1 0.1\n');
    write('yolo/labels/b.txt', '');
    write('yolo/data.yaml', 'names: [cat, dog]\n');
    const { code, document } = await reticle('inspect', 'yolo');
    expect(code).toBe(0);
    expect(document.counts).toMatchObject({ images: 2, annotations: 2, categories: 2 });
    expect(document.boxes).toMatchObject({ width: { max: 0.25 }, small: null });
    expect(document.findings.map((finding) => finding.code)).toContain('sizes-unknown');
    expect((await reticle('convert', '--from', 'yolo', '--to', 'x.json', '--to-format', 'coco')).code).toBe(
      2,
    );
  });
});

describe('classes', () => {
  it('are renamed, put together and left out by a map, and numbered in a given order', async () => {
    writeVoc();
    write('map.json', { dog: 'pet', cat: 'pet' });
    const converted = await reticle(
      ...['convert', '--from', 'voc', '--to', 'out.json', '--to-format', 'coco', '--classes-map', 'map.json'],
      '--allow-loss',
    );
    expect(converted.code).toBe(0);
    const { categories, annotations } = JSON.parse(readFileSync(at('out.json'), 'utf8')) as {
      categories: object[];
      annotations: object[];
    };
    expect([categories.length, annotations.length]).toEqual([1, 3]);
    await reticle(
      'convert',
      '--from',
      'voc',
      '--to',
      'o.json',
      '--to-format',
      'coco',
      '--class-order',
      'dog',
    );
    expect(JSON.parse(readFileSync(at('o.json'), 'utf8'))).toMatchObject({
      categories: [
        { id: 1, name: 'dog' },
        { id: 2, name: 'cat' },
      ],
    });
    write('bad.json', '[1]');
    const bad = await reticle(
      ...['convert', '--from', 'voc', '--to', 'x', '--to-format', 'voc', '--classes-map', 'bad.json'],
    );
    expect([bad.code, bad.document.error.code]).toEqual([2, 'class-map-invalid']);
  });
});

describe('the same files again', () => {
  it('are shown by a dry run and taken by --update; --add and --replace are other ways', async () => {
    writeVoc();
    await reticle('project', 'new', 'p.reticle');
    const into = ['project', 'import', 'p.reticle', '--truth', 'voc'];
    await reticle(...into);
    expect((await reticle(...into)).code).toBe(2);
    write('voc/Annotations/a.xml', xml('a', 'cat 1 1 100 50', 'dog 12 11 30 30'));
    write('voc/Annotations/c.xml', xml('c', 'bird 1 1 5 5'));
    const dry = await reticle(...into, '--update', '--dry-run');
    expect(dry.document.difference.images).toMatchObject({ added: 1, changed: 1, same: 1 });
    const taken = await reticle(...into, '--update');
    expect(taken.document.classes.map(({ name, truth }) => [name, truth])).toEqual([
      ['cat', 2],
      ['dog', 1],
      ['bird', 1],
    ]);
    expect((await reticle(...into, '--update', '--dry-run')).document.difference.images).toMatchObject({
      added: 0,
      changed: 0,
      same: 3,
    });
    expect((await reticle(...into, '--add', '--update')).code).toBe(2);
    expect((await reticle(...into, '--overwrite-edits')).code).toBe(2);
  });
});

describe('an export', () => {
  it('is of one split, of what was reviewed, or in new splits', async () => {
    writeVoc();
    await reticle('project', 'new', 'p.reticle');
    await reticle('project', 'import', 'p.reticle', '--truth', 'voc');
    const to = (name: string, ...more: string[]) =>
      reticle('project', 'export', 'p.reticle', '--to', name, '--to-format', 'voc', ...more);
    expect((await to('one', '--subset', 'val')).document.images).toBe(1);
    expect((await to('none', '--subset', 'other')).document.error.code).toBe('subset-unknown');
    expect((await to('nothing', '--reviewed')).document.error.code).toBe('nothing-to-export');
    write('operations.json', [{ review: { image: 'a.jpg', status: 'done' } }]);
    await reticle('project', 'edit', 'p.reticle', '--operations', 'operations.json');
    expect((await to('reviewed', '--reviewed')).document.images).toBe(1);
    expect((await to('split', '--split', 'x=0.5,y=0.5', '--class-order', 'dog,cat')).code).toBe(0);
    expect(readFileSync(at('split/label_map.pbtxt'), 'utf8')).toMatch(/dog[\s\S]*cat/);
  });
});
