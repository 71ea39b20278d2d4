import { describe, expect, it } from 'vitest';
import { FLAG_GROUP_OF } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import { sharedPath } from '../../foundation/shared-data.fixture';
import type { ScoringInput } from '../evaluation';
import { readApiInput, readJson } from '../golden.fixture';
import { scene } from '../scene.fixture';
import { createScorer } from '../scorer';
import { expandHierarchy } from './expand-hierarchy';

/** Names of `scene`'s classes: `class 0`, `class 1`, ... */
const node = (index: number, ...below: unknown[]) => ({ LabelName: `class ${index}`, Subcategory: below });
const root = (...below: unknown[]) => ({ LabelName: 'Entity', Subcategory: below });

const CASE = sharedPath('golden/oid/hierarchy');

describe('expandHierarchy', () => {
  it.skipIf(CASE === null)('gives the rows of the reference expansion', () => {
    const given = readApiInput(
      `${CASE!}/truth.json`,
      `${CASE!}/predictions.json`,
      `${CASE!}/image_labels.json`,
    );
    const wanted = readApiInput(
      `${CASE!}/truth_expanded.json`,
      `${CASE!}/predictions.json`,
      `${CASE!}/image_labels_expanded.json`,
    );
    const expanded = expandHierarchy(readJson(`${CASE!}/hierarchy.json`), given);
    expect(boxRows(expanded).sort()).toEqual(boxRows(wanted).sort());
    expect(labelRows(expanded).sort()).toEqual(labelRows(wanted).sort());
    expect(new Set(expanded.annotations.id).size).toBe(expanded.annotations.count);
    for (const protocol of ['open-images-v2', 'open-images-challenge'] as const) {
      expect(createScorer(expanded, protocol).result().metrics).toEqual(
        createScorer(wanted, protocol).result().metrics,
      );
    }
  });

  it('repeats a box once for each distinct ancestor, behind its original, without the root', () => {
    const input = scene({
      categories: 4,
      truth: [
        { category: 3, box: [1, 2, 3, 4], flags: FLAG_GROUP_OF, id: 9 },
        { category: 0, box: [5, 6, 7, 8], id: 4 },
      ],
      predictions: [],
    });
    const tree = root(node(0, node(1, node(3)), node(2, node(3))));
    const { annotations } = expandHierarchy(tree, input);
    expect([...annotations.category]).toEqual([3, 0, 1, 2, 0]);
    expect([...annotations.id]).toEqual([9, 10, 11, 12, 4]);
    expect([...annotations.flags]).toEqual([4, 4, 4, 4, 0]);
    expect([...annotations.box.subarray(12, 20)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('hands presence up and absence down', () => {
    const input: ScoringInput = {
      ...scene({ categories: 3, truth: [], predictions: [] }),
      imageLabels: {
        image: Int32Array.of(0, 0, 0),
        category: Int32Array.of(1, 1, 1),
        confidence: Float64Array.of(1, 0, 0.5),
      },
    };
    const { imageLabels } = expandHierarchy(root(node(0, node(1, node(2)))), input);
    expect([...imageLabels!.category]).toEqual([1, 0, 1, 2, 1]);
    expect([...imageLabels!.confidence]).toEqual([1, 1, 0, 0, 0.5]);
  });

  it.each([
    ['a class in use that it does not know', root(node(0))],
    ['an ancestor that is no class of the dataset', root(node(7, node(0), node(1)))],
    ['no object', 'Entity'],
    ['a node without a name', root({ Subcategory: [] })],
    ['children that are no list', root({ LabelName: 'class 1', Subcategory: {} })],
    ['a label below itself', root(node(0, node(1, node(0))))],
    ['labels above each other', root(node(0, node(1)), node(1, node(0)))],
    ['a tree that is far too deep', root(deep(100))],
  ])('refuses %s', (_, hierarchy) => {
    const input = scene({ categories: 2, truth: [{ category: 1, box: [0, 0, 1, 1] }], predictions: [] });
    expect(() => expandHierarchy(hierarchy, input)).toThrow(BadInput);
  });
});

function deep(levels: number): unknown {
  let tree: unknown = node(1);
  for (let level = 0; level < levels; level++) tree = { LabelName: `level ${level}`, Subcategory: [tree] };
  return tree;
}

function boxRows({ annotations }: ScoringInput): string[] {
  const { image, category, box, flags } = annotations;
  return Array.from(image, (index, row) =>
    [index, category[row], flags[row], ...box.subarray(row * 4, row * 4 + 4)].join(' '),
  );
}

function labelRows({ imageLabels }: ScoringInput): string[] {
  const { image, category, confidence } = imageLabels!;
  return Array.from(image, (index, row) => `${index} ${category[row]!} ${confidence[row]!}`);
}
