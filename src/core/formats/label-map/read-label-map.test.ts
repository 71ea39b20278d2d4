import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../foundation/bad-input';
import { sharedPath } from '../../foundation/shared-data.fixture';
import { readLabelMap } from './read-label-map';

const read = (text: string): [number, string][] =>
  readLabelMap(text, 'label_map.pbtxt').map(({ id, name }) => [id, name]);

describe('label maps', () => {
  it('are read in every form that protobuf’s text has', () => {
    const text = `# a comment
item { name: 'RBC' id: 1 }
item: { id: 0x2, name: "W" 'BC'; }
item < name: "a \\"b\\" \\303\\251 \\x41\\n" id: 03 >
item { name: "k" id: 4 keypoints { id: 1 label: "nose" } ancestor_ids: ["x", "y"] frequency: COMMON other < a: -1.5e3 > } # end
item{id:5 display_name:"only shown"}`;
    expect(read(text)).toEqual([
      [1, 'RBC'],
      [2, 'WBC'],
      [3, 'a "b" é A\n'],
      [4, 'k'],
      [5, 'only shown'],
    ]);
  });

  it('of repeated ids the first counts', () => {
    expect(read("item { id: 1 name: 'a' } item { id: 1 name: 'b' }")).toEqual([[1, 'a']]);
  });

  it('keep names that are members of every object', () => {
    expect(read("item { id: 1 name: '__proto__' }")).toEqual([[1, '__proto__']]);
  });

  it('are bad input where they are cut, garbled or something else', () => {
    const full = "item { id: 1 name: 'a' }";
    for (let end = 0; end < full.length; end++) expect(() => read(full.slice(0, end))).toThrow(BadInput);
    for (const text of [
      "item { id: -1 name: 'a' }",
      "item { name: 'a' }",
      'item { id: 1 }',
      "item { id: 1.5 name: 'a' }",
      "item { id: 1 name: 'a' >",
      '{"a": 1}',
      "item { id: 1 name: 'a\n' }",
      'item { '.repeat(50_000),
    ])
      expect(() => read(text)).toThrow(BadInput);
  });
});

const bccd = sharedPath('datasets/bccd/label_map.pbtxt');
describe.skipIf(bccd === null)('BCCD (skipped without the shared data)', () => {
  it('has three classes', () => {
    expect(read(readFileSync(bccd!, 'utf8'))).toEqual([
      [1, 'RBC'],
      [2, 'WBC'],
      [3, 'Platelets'],
    ]);
  });
});
