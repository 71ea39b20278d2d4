/**
 * Reads 100,000 label files of YOLO and of VOC, and a TFRecord of 1 GB, and says how that compares with reading their
 * bytes alone, in the same way and the same run.
 */
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Feature } from '../../src/core/formats/tfrecord/example';
import { writeExample } from '../../src/core/formats/tfrecord/example';
import { writeFrame } from '../../src/core/formats/tfrecord/frames';
import { encodeUtf8 } from '../../src/core/formats/text';
import { loadTruth } from '../../src/engine/import/load';

const FILES = 100_000;
const RECORD_BYTES = 1 << 30;
const IMAGE_BYTES = 200_000;
const TURNS = 3;

interface Taken {
  /** Seconds on the clock, and of processor time. */
  readonly clock: number;
  readonly processor: number;
}

async function timed(work: () => Promise<unknown>): Promise<Taken> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { clock: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
}

/** Each way in turn, and of each the fastest. */
async function compare(
  what: string,
  bytes: () => Promise<void>,
  reading: () => Promise<unknown>,
): Promise<void> {
  const taken: [Taken, Taken][] = [];
  for (let turn = 0; turn < TURNS; turn++) taken.push([await timed(bytes), await timed(reading)]);
  const ratio = (measure: keyof Taken): string => {
    const [alone, read] = [0, 1].map((way) => Math.min(...taken.map((pair) => pair[way]![measure])));
    return `bytes alone ${alone!.toFixed(2)} s, as a dataset ${read!.toFixed(2)} s: ${(alone! / read!).toFixed(2)} of the rate`;
  };
  process.stdout.write(
    `${what}\n  on the clock: ${ratio('clock')}\n  processor time: ${ratio('processor')}\n`,
  );
}

/** The head of a bitmap of 640 by 480: its size is all that is read of an image. */
function bitmap(): Buffer {
  const bytes = Buffer.alloc(54);
  bytes.write('BM');
  bytes.writeInt32LE(640, 18);
  bytes.writeInt32LE(480, 22);
  return bytes;
}

async function readBytes(files: readonly string[]): Promise<void> {
  for (const file of files) await readFile(file);
}

async function yolo(folder: string): Promise<void> {
  mkdirSync(path.join(folder, 'labels'), { recursive: true });
  mkdirSync(path.join(folder, 'images'));
  writeFileSync(path.join(folder, 'data.yaml'), 'train: images\nval: images\nnames: [a, b]\n');
  const files: string[] = [];
  const label = Array.from({ length: 8 }, (_, at) => `${at % 2} 0.5 0.${at + 1} 0.0312345 0.0456789\n`).join(
    '',
  );
  for (let at = 0; at < FILES; at++) {
    const name = `image-${String(at).padStart(6, '0')}`;
    files.push(path.join(folder, 'labels', `${name}.txt`), path.join(folder, 'images', `${name}.bmp`));
    writeFileSync(files.at(-2)!, label);
    writeFileSync(files.at(-1)!, bitmap());
  }
  await readBytes(files);
  await compare(
    `${FILES} YOLO files and their images`,
    () => readBytes(files),
    () => loadTruth(folder),
  );
}

async function voc(folder: string): Promise<void> {
  mkdirSync(path.join(folder, 'Annotations'), { recursive: true });
  const object =
    '<object><name>cat</name><pose>Unspecified</pose><truncated>0</truncated><difficult>0</difficult><bndbox><xmin>10</xmin><ymin>20</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object>';
  const files: string[] = [];
  for (let at = 0; at < FILES; at++) {
    const name = `image-${String(at).padStart(6, '0')}`;
    files.push(path.join(folder, 'Annotations', `${name}.xml`));
    writeFileSync(
      files.at(-1)!,
      `<annotation><filename>${name}.jpg</filename><size><width>640</width><height>480</height><depth>3</depth></size>${object.repeat(3)}</annotation>`,
    );
  }
  await readBytes(files);
  await compare(
    `${FILES} VOC files`,
    () => readBytes(files),
    () => loadTruth(folder),
  );
}

async function tfrecord(file: string): Promise<void> {
  const stream = createWriteStream(file);
  const image = new Uint8Array(IMAGE_BYTES).map((_, at) => (at * 31) & 0xff);
  const floats = (value: number) => ({ kind: 'float', values: [value, value] }) as const;
  for (let at = 0; at * IMAGE_BYTES < RECORD_BYTES; at++) {
    const example = new Map<string, Feature>([
      ['image/encoded', { kind: 'bytes', values: [image] }],
      ['image/filename', { kind: 'bytes', values: [encodeUtf8(`${at}.jpg`)] }],
      ['image/width', { kind: 'int64', values: [640] }],
      ['image/height', { kind: 'int64', values: [480] }],
      ['image/object/bbox/xmin', floats(0.25)],
      ['image/object/bbox/ymin', floats(0.25)],
      ['image/object/bbox/xmax', floats(0.5)],
      ['image/object/bbox/ymax', floats(0.5)],
      ['image/object/class/label', { kind: 'int64', values: [1, 2] }],
    ]);
    if (!stream.write(writeFrame(writeExample(example)))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  const bytes = async (): Promise<void> => {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 22 })) if (piece === null) return;
  };
  await bytes();
  const before = process.memoryUsage().rss;
  await compare('a TFRecord of 1 GB', bytes, () => loadTruth(file));
  process.stdout.write(
    `  memory grew by ${Math.round((process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20)} MB\n`,
  );
}

const PARTS = { yolo, voc, tfrecord };

/** `names`: of the parts to run. */
export async function run(names: readonly string[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'reticle-bench-'));
  try {
    for (const [name, part] of Object.entries(PARTS))
      if (names.includes(name)) await part(path.join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
