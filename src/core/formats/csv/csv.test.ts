import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../foundation/bad-input';
import type { ReadOptions, TruthReading } from '../reading';
import { encodeUtf8 } from '../text';
import { readCsvTruth } from './read-csv';
import { writeCsvTruth } from './write-csv';

const HEADER = 'filename,width,height,class,xmin,ymin,xmax,ymax';
const read = (text: string | Uint8Array, options: Partial<ReadOptions> = {}): TruthReading =>
  readCsvTruth(typeof text === 'string' ? encodeUtf8(text) : text, { file: 'labels.csv', ...options });
const rows = (...lines: string[]): string => [HEADER, ...lines, ''].join('\n');
const codesOf = ({ findings }: TruthReading): string[] => findings.map(({ code }) => code);

describe('the tutorial’s CSV', () => {
  it('is read: width and height are the image’s', () => {
    const { truth, findings } = read(
      rows('b.jpg,640,480,cat,10,20,30,60', 'a.jpg,100,50,dog,1,2,3.5,4', 'b.jpg,640,480,dog,0,0,1,1'),
    );
    expect(findings).toEqual([]);
    expect(truth).toMatchObject({ format: 'csv', hasOwnIds: false });
    expect(truth.images.map(({ fileName, width, height }) => [fileName, width, height])).toEqual([
      ['a.jpg', 100, 50],
      ['b.jpg', 640, 480],
    ]);
    expect([...truth.annotations.box]).toEqual([1, 2, 2.5, 2, 10, 20, 20, 40, 0, 0, 1, 1]);
    expect([...truth.annotations.image]).toEqual([0, 1, 1]);
  });

  it('is read as spreadsheets write it: semicolons, byte order mark, decimal comma, quotes, CRLF, any order of columns', () => {
    const text =
      '\ufeffclass;filename;width;height;ymin;xmin;xmax;ymax\r\n"cat ""x""";"a;b.jpg";640;480;2,5;1;3;4\r\n\r\n';
    const { truth } = read(text);
    expect(truth.images[0]!.fileName).toBe('a;b.jpg');
    expect(truth.categories[0]!.name).toBe('cat "x"');
    expect([...truth.annotations.box]).toEqual([1, 2.5, 2, 1.5]);
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text.slice(1), 'utf16le')]);
    expect(read(wide).truth).toEqual(truth);
    expect(codesOf(read(Buffer.from(rows('\u00e9.jpg,9,9,cat,1,1,2,2'), 'latin1')))).toEqual([
      'text-not-utf8',
    ]);
  });

  it('is read where all coordinates are shares of the image, with a finding', () => {
    const reading = read(rows('a.jpg,200,100,cat,0.1,0.2,0.5,1.0'));
    expect([...reading.truth.annotations.box]).toEqual([20, 20, 80, 80]);
    expect(codesOf(reading)).toEqual(['coordinates-normalised']);
    expect(codesOf(read(rows('a.jpg,200,100,cat,0,0,1,1')))).toEqual([]);
  });

  it.each([
    ['box-not-finite', 'a.jpg,9,9,cat,nan,1,2,3'],
    ['record-invalid', 'a.jpg,9,9,cat,1,1,2'],
    ['record-invalid', 'a.jpg,9,9'],
    ['box-not-finite', 'a.jpg,9,9,cat,,1,2,3'],
    ['box-negative', 'a.jpg,9,9,cat,5,1,2,3'],
    ['object-without-class', 'a.jpg,9,9,,1,1,2,3'],
    ['name-missing', ',9,9,cat,1,1,2,3'],
  ])('leaves out and reports: %s', (code, line) => {
    const text = rows('a.jpg,9,9,cat,1,1,2,2', line, 'a.jpg,9,9,cat,1,1,2,2');
    const reading = read(text);
    expect(reading.truth.annotations.count).toBe(2);
    expect(reading.findings).toEqual([expect.objectContaining({ code, severity: 'error', count: 1 })]);
    expect(reading.findings[0]!.where).toMatchObject({ file: 'labels.csv', line: 3, record: 1 });
    expect(() => read(text, { strict: true })).toThrow(BadInput);
  });

  it('leaves out shares of an image whose size is missing', () => {
    expect(codesOf(read(rows('a.jpg,,,cat,0.1,0.2,0.5,1.0', 'b.jpg,9,9,cat,0.1,0.2,0.5,1.0')))).toContain(
      'size-needed',
    );
  });

  it.each([
    ['box-without-area', ['a.jpg,9,9,cat,1,1,1,2']],
    ['box-outside-image', ['a.jpg,9,9,cat,1,1,20,2']],
    ['sizes-differ', ['a.jpg,9,9,cat,1,1,2,2', 'a.jpg,8,9,cat,1,1,2,2']],
    ['image-without-size', ['a.jpg,0,9,cat,1,1,2,2']],
    ['name-with-backslash', ['x\\a.jpg,9,9,cat,1,1,2,2']],
    ['name-unsafe', ['../a.jpg,9,9,cat,1,1,2,2']],
  ])('keeps and reports: %s', (code, lines) => {
    const reading = read(rows(...lines), { strict: true });
    expect(codesOf(reading)).toEqual([code]);
    expect(reading.truth.annotations.count).toBe(lines.length);
  });

  it('says which columns it does not read, and knows images without objects', () => {
    const reading = read(`${HEADER},score\na.jpg,9,9,,,,,,\n`);
    expect(codesOf(reading)).toEqual(['columns-ignored']);
    expect(reading.truth).toMatchObject({ images: [{ fileName: 'a.jpg' }], categories: [] });
  });

  it('keeps other columns for the export, and gives them back', () => {
    const text = [
      `source,${HEADER},Pose`,
      'cam 1,a.jpg,9,9,cat,1,1,2,2,"left, up"',
      'cam 2,a.jpg,9,9,dog,3,3,4,4,',
      'cam 3,b.jpg,9,9,,,,,,none',
      '',
    ].join('\n');
    const kept = read(text, { keepExtra: true });
    expect(codesOf(kept)).toEqual(['columns-ignored']);
    const written = writeCsvTruth(kept.truth);
    expect(written.split('\n')).toEqual([
      `${HEADER},source,Pose`,
      'a.jpg,9,9,cat,1,1,2,2,cam 1,"left, up"',
      'a.jpg,9,9,dog,3,3,4,4,cam 2,',
      'b.jpg,9,9,,,,,,cam 3,none',
      '',
    ]);
    expect(read(written, { keepExtra: true }).truth).toEqual(kept.truth);
    expect(writeCsvTruth(read(text).truth)).not.toContain('cam');
  });

  it('is bad input where it is something else, or does not end', () => {
    for (const text of ['', 'a,b,c\n1,2,3', HEADER, rows('"a.jpg,9,9,cat,1,1,2,2\n')])
      expect(() => read(text)).toThrow(BadInput);
  });
});

describe('writing the tutorial’s CSV', () => {
  it('keeps whole numbers whole, and lets no spreadsheet run a name', () => {
    const text = rows('a.jpg,9,9,"=cmd|\'/c calc\'!A0",1,1,2,2', '@b.jpg,9,9,-x,1,1,2.5,2', 'c.jpg,9,9,,,,,');
    const { truth } = read(text);
    const written = writeCsvTruth(truth);
    for (const field of written.split(/[,\n]/)) expect(field).not.toMatch(/^"?[=+\-@]/);
    expect(written).toContain("a.jpg,9,9,'=cmd|'/c calc'!A0,1,1,2,2\n");
    expect(read(written).truth).toEqual(truth);
  });

  it('read(write(x)) is x', () => {
    const finite = fc.double({ min: 0, max: 1e4, noNaN: true }).map((value) => value + 2);
    const name = fc
      .string({
        unit: fc.constantFrom('a', 'B', 'é', "'", '=', '-', '"', ',', ';', ' ', '/', '+', '1'),
        minLength: 1,
      })
      .filter((text) => text.trim() === text);
    const fileName = name.map((text) => `${text}.jpg`).filter((text) => !text.startsWith('./'));
    const row = fc.tuple(fileName, name, finite, finite, finite, finite);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (list) => {
        const quote = (text: string): string =>
          `"${(/^'*[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
        const source = rows(
          ...list.map(([file, label, x, y, right, bottom]) =>
            [quote(file), 30000, 30000, quote(label), x, y, x + right, y + bottom].join(','),
          ),
        );
        const { truth } = read(source);
        expect(truth.annotations.count).toBe(list.length);
        expect(read(writeCsvTruth(truth)).truth).toEqual(truth);
      }),
    );
  });
});
