import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../foundation/bad-input';
import { conventionFor } from '../conventions/convention';
import { LineEnds } from '../line-ends';
import { RecordReporter } from '../reading';
import { decodeText, encodeUtf8 } from '../text';
import type { LineRules } from './label-lines';
import { boxOfLine, labelLines, witnessOf } from './label-lines';
import { LabelRows } from './label-rows';

const SIZE = { width: 640, height: 427 };
const FILE = 'labels/a.txt';

/** What is said of a file, however it is read. */
function said(read: (report: RecordReporter, ends: LineEnds) => unknown) {
  const report = new RecordReporter({ file: 'set' });
  const ends = new LineEnds();
  ends.addFile('another', true);
  try {
    const result = read(report, ends);
    ends.report(report);
    return { result, findings: report.list() };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return { code: error.code, message: error.message, where: error.where };
  }
}

const inColumns = (bytes: Uint8Array, rules: LineRules) =>
  said((report, ends) => {
    const rows = new LabelRows(rules);
    // Rows of another file stand before it.
    rows.read(encodeUtf8('0 0.5 0.5 0.1 0.1\n'), FILE, new LineEnds(), new RecordReporter({ file: 'set' }));
    const { firstRow, rows: count } = rows.read(bytes, FILE, ends, report);
    const boxes = Array.from({ length: count }, (_, row) => [
      rows.lineOf(firstRow + row),
      rows.numberOf(firstRow + row),
      rows.boxOf(firstRow + row, SIZE, FILE, report),
    ]);
    return { boxes, told: rows.witness().conclude() };
  });

const byLine = (bytes: Uint8Array, rules: LineRules) =>
  said((report, ends) => {
    const [first] = labelLines('0 0.5 0.5 0.1 0.1\n', FILE, rules, report);
    const { text } = decodeText(bytes);
    ends.add(text, FILE);
    const lines = labelLines(text, FILE, rules, report);
    const boxes = lines.map((line) => [line.line, line.number, boxOfLine(line, SIZE, rules, FILE, report)]);
    return { boxes, told: witnessOf([[first!], lines]).conclude() };
  });

const RULES: readonly LineRules[] = [
  { classes: 2, hasKeyPoints: false, convention: conventionFor('yolo') },
  { classes: null, hasKeyPoints: true, convention: conventionFor('yolo') },
  {
    classes: null,
    hasKeyPoints: false,
    convention: conventionFor('yolo', { units: 'pixels', layout: 'xyxy' }),
  },
  { classes: 2, hasKeyPoints: false, convention: conventionFor('yolo', { layout: 'xywh' }) },
];

const number = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('0.5', '0.25', '0.0312345', '0.6987179487179487', '1', '0', '.5', '1.'),
  },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '-0.1',
      '1e-5',
      'nan',
      '300',
      '0.12345678901234567890123',
      '',
      'x',
      '0,5',
      '1.2.3',
    ),
  },
);
const line = fc
  .tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('0', '1') },
      fc.constantFrom('2', '1.0', '-1', '0.5', '9'),
    ),
    fc.oneof(
      { weight: 9, arbitrary: fc.tuple(number, number, number, number) },
      fc.array(number, { maxLength: 9 }),
    ),
    fc.oneof({ weight: 12, arbitrary: fc.constant(' ') }, fc.constantFrom('  ', '\t', '\u00a0')),
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom('\n', '\r\n') },
      fc.constantFrom('\r', ' \n', '\n\n', ' ', '', '\n '),
    ),
  )
  .map(([name, numbers, gap, end]) => [name, ...numbers].join(gap) + end);
const content = fc.tuple(fc.array(line, { maxLength: 5 }), fc.boolean()).map(([lines, isTwice]) => {
  const text = lines.join('');
  return isTwice ? text + (lines[0] ?? '') : text;
});

describe('label files in columns', () => {
  it('say what they say line by line: boxes, lines, classes, findings, convention', () => {
    let clean = 0;
    fc.assert(
      fc.property(content, fc.constantFrom(...RULES), (text, rules) => {
        const bytes = encodeUtf8(text);
        const expected = byLine(bytes, rules);
        expect(inColumns(bytes, rules)).toStrictEqual(expected);
        if (text !== '' && 'findings' in expected && expected.findings.length === 0) clean++;
      }),
      { numRuns: 4000, seed: 3 },
    );
    expect(clean).toBeGreaterThan(400);
  });

  it('also where a file has more lines than are read at once', () => {
    const lines = Array.from({ length: 3000 }, (_, at) => `0 0.5 0.5 0.1 0.${String(at).padStart(4, '0')}\n`);
    for (const count of [1023, 1024, 1025, 3000]) {
      const bytes = encodeUtf8(lines.slice(0, count).join(''));
      expect(inColumns(bytes, RULES[0]!)).toStrictEqual(byLine(bytes, RULES[0]!));
    }
  });
});
