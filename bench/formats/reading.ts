/**
 * Reads 100,000 label files of YOLO and of VOC, and a TFRecord of 1 GB, and says how that compares with reading their
 * bytes alone in the same run: in each way that a program may read them, the fastest among them.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, createReadStream, createWriteStream, openSync, readFileSync, readSync } from 'node:fs';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
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
  /** Seconds on the clock, and of processor time in this process. */
  readonly clock: number;
  readonly processor: number;
}

type Way = () => unknown;

/** Ways that are programs of their own, whose processor's time is not seen from here. */
const programs = new Set<string>();

async function timed(work: Way): Promise<Taken> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { clock: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
}

/** Each way in turn, and of each the fastest. `before`: what is done before each, outside of the time. */
async function compare(
  what: string,
  bytes: Readonly<Record<string, Way>>,
  reading: Way,
  before: () => void = () => {},
): Promise<void> {
  const ways = [...Object.entries(bytes), ['as a dataset', reading] as const];
  const taken = ways.map((): Taken[] => []);
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [index, [, way]] of ways.entries()) {
      before();
      taken[index]!.push(await timed(way));
    }
  }
  const best = (index: number, measure: keyof Taken) => Math.min(...taken[index]!.map((one) => one[measure]));
  process.stdout.write(`${what}\n`);
  for (const [index, [name]] of ways.entries()) {
    const measures = programs.has(name) ? (['clock'] as const) : (['clock', 'processor'] as const);
    const figures = measures.map((measure) => {
      const seconds = best(index, measure);
      const rate = (seconds / best(ways.length - 1, measure)).toFixed(2);
      return `${seconds.toFixed(2)} s ${measure}${index < ways.length - 1 ? ` (${rate} of its rate)` : ''}`;
    });
    process.stdout.write(`  ${name}: ${figures.join(', ')}\n`);
  }
}

/** The head of a bitmap of 640 by 480: its size is all that is read of an image. */
function bitmap(): Buffer {
  const bytes = Buffer.alloc(54);
  bytes.write('BM');
  bytes.writeInt32LE(640, 18);
  bytes.writeInt32LE(480, 22);
  return bytes;
}

const PIECE = 1 << 20;

/** Ways to read many small files whole. */
const waysOf = (files: readonly string[]): Record<string, Way> => ({
  'bytes alone, readFile one by one': async () => {
    for (const file of files) await readFile(file);
  },
  'bytes alone, readFile 16 at once': async () => {
    const queue = files.values();
    const readAll = async (): Promise<void> => {
      for (const file of queue) await readFile(file);
    };
    await Promise.all(Array.from({ length: 16 }, readAll));
  },
  'bytes alone, readFileSync': () => {
    for (const file of files) readFileSync(file);
  },
  'bytes alone, one buffer': () => {
    const buffer = new Uint8Array(PIECE);
    for (const file of files) readInto(buffer, file);
  },
});

const PYTHON = process.env['PYTHON'] ?? 'python3';
const READ_ALL = `import sys
for name in sys.stdin.buffer.read().split(b"\\0"):
    with open(name, "rb") as file: file.read()`;

/** Programs that are told the names of the files; those that are not here are left out. */
function programsOf(files: readonly string[]): Record<string, Way> {
  const names = files.join('\0');
  const read = (program: string, ...options: string[]): number | null =>
    spawnSync(program, options, { input: names, stdio: ['pipe', 'ignore', 'ignore'] }).status;
  const ways = {
    'bytes alone, Python': () => read(PYTHON, '-c', READ_ALL),
    'bytes alone, xargs cat': () => read('xargs', '-0', 'cat'),
  };
  const here = Object.entries(ways).filter(([, way]) => way() === 0);
  for (const [name] of here) programs.add(name);
  return Object.fromEntries(here);
}

function readInto(buffer: Uint8Array, file: string): void {
  const handle = openSync(file, 'r');
  while (readSync(handle, buffer, 0, buffer.length, null) > 0);
  closeSync(handle);
}

/** Ways to read one large file in pieces. */
const waysOfLarge = (file: string): Record<string, Way> => ({
  'bytes alone, stream of 4 MB': async () => {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 22 })) if (piece === null) return;
  },
  'bytes alone, one buffer': () => {
    readInto(new Uint8Array(PIECE), file);
  },
});

/** Drops the file from the system's cache, so that it comes from the disk; false where that cannot be. */
function forget(file: string): boolean {
  const script = `import os, sys
file = os.open(sys.argv[1], os.O_RDONLY)
os.fsync(file)
os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)`;
  return spawnSync(PYTHON, ['-c', script, file]).status === 0;
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
  await compare(`${FILES} YOLO files and their images`, { ...waysOf(files), ...programsOf(files) }, () =>
    loadTruth(folder),
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
  await compare(`${FILES} VOC files`, { ...waysOf(files), ...programsOf(files) }, () => loadTruth(folder));
}

/** Bytes of the process's memory, at most, beyond what it had before. */
async function growthDuring(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const look = (): void => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 5);
  await work();
  clearInterval(timer);
  look();
  return most - before;
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
  const grown = await growthDuring(() => loadTruth(file));
  await compare('a TFRecord of 1 GB', waysOfLarge(file), () => loadTruth(file));
  process.stdout.write(`  memory grew by ${Math.round(grown / 2 ** 20)} MB\n`);
  if (forget(file))
    await compare(
      'the same, from the disk',
      waysOfLarge(file),
      () => loadTruth(file),
      () => forget(file),
    );
  else process.stdout.write('the same, from the disk: the cache cannot be emptied here\n');
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
