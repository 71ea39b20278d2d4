import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../foundation/shared-data.fixture';
import { writeEventFile } from './event-file.fixture';
import { writeFrame } from '../tfrecord/frames';
import { isEventFile, readEventFile } from './read-event-file';

const SCALARS = [
  { tag: 'Loss/total_loss', step: 0, wallTime: 10.25, value: 2.5 },
  { tag: 'learning_rate', step: 20, wallTime: 11.5, value: 0.125 },
  { tag: 'Loss/total_loss', step: 3_000_000_000, wallTime: 12, value: NaN },
];

describe('event files', () => {
  it.each(['simple', 'tensor', 'float-values'] as const)('with scalars as %s', (form) => {
    const bytes = writeEventFile(SCALARS, form);
    expect(isEventFile(bytes)).toBe(true);
    expect(readEventFile(bytes, 'a')).toEqual({ scalars: SCALARS, findings: [] });
  });

  it('cut anywhere: whole records are read, and the rest is told', () => {
    const bytes = writeEventFile(SCALARS, 'tensor');
    const first = writeEventFile([], 'tensor').length;
    let fullest = 0;
    for (let length = first; length < bytes.length; length++) {
      const { scalars, findings } = readEventFile(bytes.subarray(0, length), 'a');
      expect(scalars).toEqual(SCALARS.slice(0, scalars.length));
      fullest = Math.max(fullest, scalars.length);
      const isAtEdge = writeEventFile(SCALARS.slice(0, scalars.length), 'tensor').length === length;
      expect(findings.map(({ code }) => code)).toEqual(isAtEdge ? [] : ['event-file-cut']);
    }
    expect(fullest).toBe(SCALARS.length - 1);
  });

  it('damaged: what came before is kept, what follows is not believed', () => {
    const bytes = writeEventFile(SCALARS, 'simple');
    bytes[bytes.length - 6]! ^= 1;
    const { scalars, findings } = readEventFile(bytes, 'a');
    expect(scalars).toHaveLength(2);
    expect(findings).toMatchObject([
      { code: 'event-file-damaged', severity: 'warning', where: { file: 'a' } },
    ]);
  });

  it('a record that is whole and no event: what came before is kept', () => {
    const other = writeFrame(
      Uint8Array.of(0x2f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
    );
    const bytes = new Uint8Array([...writeEventFile(SCALARS, 'simple'), ...other]);
    const { scalars, findings } = readEventFile(bytes, 'a');
    expect(scalars).toHaveLength(SCALARS.length);
    expect(findings.map(({ code }) => code)).toEqual(['event-file-damaged']);
  });

  it('other bytes are refused', () => {
    expect(() => readEventFile(new Uint8Array(40), 'a')).toThrow(
      expect.objectContaining({ code: 'event-file-invalid' }),
    );
  });
});

const logs = sharedPath('models/training-runs/good/logs');

it.skipIf(logs === null)('a real training: every curve of both folders', () => {
  const read = (part: string) => {
    const [name] = readdirSync(`${logs!}/${part}`);
    const { scalars, findings } = readEventFile(readFileSync(`${logs!}/${part}/${name!}`), name!);
    expect(findings).toEqual([]);
    return scalars;
  };
  const rates = read('train').filter(({ tag }) => tag === 'learning_rate');
  expect(rates).toHaveLength(120);
  expect(rates[0]).toMatchObject({ step: 0, value: Math.fround(1e-5) });
  const scores = read('eval').filter(({ tag }) => tag === 'DetectionBoxes_Precision/mAP');
  const history = JSON.parse(readFileSync(`${logs!}/../history.json`, 'utf8')) as {
    step: number;
    AP: number;
  }[];
  expect(scores.map(({ step, value }) => [step, value])).toEqual(
    history.map(({ step, AP }) => [step, Math.fround(AP)]),
  );
});
