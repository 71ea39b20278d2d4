/** Shares of an evaluation, merged: what one run prints, bit for bit. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { useCommandLine } from '../command-line.fixture';

const CASE = fileURLToPath(new URL('../../core/metrics/fixtures/coco/crowd', import.meta.url));
const cli = useCommandLine();

async function run(...args: string[]): Promise<{ code: number; out: string }> {
  return { code: await cli.run(...args), out: cli.out };
}
const EVALUATE = [
  'evaluate',
  '--truth',
  `${CASE}/truth.json`,
  '--predictions',
  `${CASE}/predictions.json`,
  '--protocol',
  'all',
];
async function makeParts(count: number, ...options: string[]): Promise<string[]> {
  const files = Array.from({ length: count }, (_, index) => `part-${index + 1}`);
  for (const [index, file] of files.entries()) {
    const share = ['--shard', `${index + 1}/${count}`, '--partial', file];
    expect((await run(...EVALUATE, ...share, ...options)).code).toBe(0);
  }
  return files;
}
const message = (text: string): string => (JSON.parse(text) as { error: { message: string } }).error.message;

it('1, 2 and 5 parts in any order give the whole document', { timeout: 300_000 }, async () => {
  const extra = ['--curves', '--confidence-interval', '0.9', '--json'];
  const whole = await run(...EVALUATE, ...extra);
  for (const count of [1, 2, 5]) {
    const files = await makeParts(count);
    expect(await run('merge-evaluations', ...files.reverse(), ...extra)).toEqual(whole);
  }
});

it('arrays and matches are those of one run', async () => {
  const one = ['evaluate', ...EVALUATE.slice(1, -1), 'coco'];
  await run(...one, '--arrays', 'whole', '--matches', 'whole.json');
  for (const number of [1, 2, 3]) await run(...one, '--shard', `${number}/3`, '--partial', `part-${number}`);
  const merged = await run(
    'merge-evaluations',
    'part-3',
    'part-1',
    'part-2',
    '--arrays',
    'merged',
    '--matches',
    'merged.json',
  );
  expect(merged.code).toBe(0);
  const bytes = (name: string) => readFileSync(path.join(cli.folder, name));
  for (const name of ['precision', 'recall', 'scores'])
    expect(bytes(`merged/${name}.f64`).equals(bytes(`whole/${name}.f64`))).toBe(true);
  expect(bytes('merged.json').equals(bytes('whole.json'))).toBe(true);
});

it('names the part that is missing, repeated, unlike, cut short or something else', async () => {
  const files = await makeParts(3);
  const merge = async (...names: string[]) => run('merge-evaluations', ...names, '--json');
  const missing = await merge(files[0]!, files[2]!);
  expect(missing.code).toBe(2);
  expect(message(missing.out)).toContain('missing: 2');
  const repeated = await merge(files[0]!, files[1]!, files[1]!);
  expect(message(repeated.out)).toContain('Part 2/3 is there twice');
  await run(...EVALUATE, '--shard', '3/3', '--partial', 'other', '--iou', '0.75');
  const unlike = await merge(files[0]!, files[1]!, 'other');
  expect(unlike.code).toBe(2);
  expect(message(unlike.out)).toContain('other protocols or parameters');
  const bytes = readFileSync(path.join(cli.folder, files[0]!));
  writeFileSync(path.join(cli.folder, 'short'), bytes.subarray(0, bytes.length - 9));
  expect(message((await merge('short', files[1]!, files[2]!)).out)).toContain('cut short');
  const garbled = Uint8Array.from(bytes);
  garbled[bytes.length >> 1]! ^= 0x40;
  writeFileSync(path.join(cli.folder, 'garbled'), garbled);
  expect(message((await merge('garbled', files[1]!, files[2]!)).out)).toContain('is damaged');
  writeFileSync(path.join(cli.folder, 'twice'), Buffer.concat([bytes, bytes]));
  expect(message((await merge('twice', files[1]!, files[2]!)).out)).toContain('is damaged');
  writeFileSync(path.join(cli.folder, 'text'), 'hello');
  expect(message((await merge('text')).out)).toContain('not a partial');
});

it('refuses what makes no share', async () => {
  for (const shard of ['0/3', '4/3', '1', 'a/b', '1/2/3'])
    expect((await run(...EVALUATE, '--shard', shard, '--partial', 'x', '--json')).code).toBe(2);
  expect((await run(...EVALUATE, '--shard', '1/2', '--json')).code).toBe(2);
});

it('a share is written again over its file, and nothing over an input', async () => {
  const one = ['evaluate', ...EVALUATE.slice(1, -1), 'coco'];
  const share = ['--shard', '1/2', '--partial', 'part'];
  expect((await run(...one, ...share)).code).toBe(0);
  expect((await run(...one, ...share)).code).toBe(0);
  const truth = path.join(cli.folder, 'truth.json');
  writeFileSync(truth, readFileSync(`${CASE}/truth.json`));
  const predictions = `${CASE}/predictions.json`;
  for (const output of ['--matches', '--output'])
    expect(
      (await run('evaluate', '--truth', truth, '--predictions', predictions, output, 'truth.json')).code,
    ).toBe(2);
  expect(readFileSync(truth).equals(readFileSync(`${CASE}/truth.json`))).toBe(true);
});
