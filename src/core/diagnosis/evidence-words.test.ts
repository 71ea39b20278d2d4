import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidenceInWords, withoutNames, withoutNamesOf } from './evidence-words';
import { repairInWords } from './repair-words';

describe('Evidence in words', () => {
  it('tells in a sentence what belongs together, and nothing twice', () => {
    const evidence = {
      transform: 'swap-xy',
      relative: false,
      side: 'truth',
      overlap: 0.274,
      overlapAfter: 0.8,
    };
    expect(evidenceInWords({ ...evidence, images: 87 })).toEqual({
      sentences: [
        'As they are, the surest boxes overlap the objects by 0.27 on average (IoU); with this undone by 0.80.',
      ],
      rows: [
        { name: 'Transform', value: 'x and y exchanged' },
        { name: 'Where it is', value: 'ground truth' },
      ],
      tables: [],
    });
  });

  it('tells the property of a shift once, whatever it is of', () => {
    const shift = {
      property: 'image-aspect-ratio',
      measure: 'width / height',
      train: 1.333333,
      evaluation: 0.5,
    };
    expect(evidenceInWords(shift).sentences).toEqual([
      'Image aspect ratio, width / height: the median is 1.333 in training and 0.5 in the evaluation.',
    ]);
    const ofClass = { property: 'class', class: 'cat', train: 0.1, evaluation: 0.305 };
    expect(evidenceInWords(ofClass).sentences).toEqual([
      '“cat” is 10 % of the labels in training and 30.5 % in the evaluation.',
    ]);
  });

  it('has a table for numbers by name and for records of one shape', () => {
    const { tables, rows } = evidenceInWords({
      byClass: { RBC: 22, toString: 1 },
      tried: [
        { change: 'RGB', gain: 0.1 },
        { change: 'BGR', gain: null },
      ],
      classes: { cat: { training: 1200, AP: 0.5 } },
      map: Object.fromEntries(Array.from({ length: 80 }, (_, at) => [at, at + 1])),
      share: 0.1234,
    });
    expect(tables.map(({ name, columns, rows: cells, left }) => [name, columns, cells[0], left])).toEqual([
      ['Likely errors by class', ['Class', 'Labels'], ['RBC', '22'], 0],
      ['What was tried', ['Change', 'Gain'], ['RGB', '0.1'], 0],
      ['Classes', ['', 'Training', 'AP'], ['cat', '1,200', '0.5'], 0],
      ['Classes', ['Predicted', 'Meant'], ['0', '1'], 68],
    ]);
    expect(rows).toEqual([{ name: 'Share', value: '12.3 %' }]);
  });

  it('has words for whatever a rule may find', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (evidence) => {
        const { sentences, rows, tables } = evidenceInWords(evidence);
        const told = [
          ...sentences,
          ...rows.map(({ value }) => value),
          ...tables.flatMap((one) => one.rows.flat()),
        ];
        for (const words of told) expect(words).not.toMatch(/undefined|\[object|NaN/);
      }),
    );
  });

  it('without names has none of images, folders and files', () => {
    const evidence = {
      joined: 1,
      example: { truth: 'a.jpg' },
      source: 'camera-2',
      trainingImages: ['b.jpg'],
    };
    expect(withoutNames(evidence)).toEqual({ joined: 1 });
    expect(withoutNames({ trainingImages: 12 })).toEqual({ trainingImages: 12 });
    expect(withoutNamesOf(evidence, '80 % of the images are camera-2')).toBe('80 % of the images are …');
  });
});

describe('A repair in words', () => {
  it('says what was changed on the copy', () => {
    const group = { by: 'folder', values: ['secret'] } as const;
    const turn = {
      kind: 'transform-predictions',
      change: 'turn',
      transform: 'swap-xy',
      relative: false,
    } as const;
    expect(repairInWords({ ...turn, group })).toBe(
      'In every prediction x and y are exchanged, in a part of the images.',
    );
    const shift = { kind: 'transform-truth', change: 'shift', by: [-1, 0, 0, 1] } as const;
    expect(repairInWords(shift)).toBe('In every label −1, 0, 0, +1 is added to x, y, width and height.');
    expect(repairInWords({ kind: 'map-classes', side: 'predictions', map: { 0: 1 } })).toBe(
      '1 class of the predictions is given the number that is meant.',
    );
    expect(repairInWords({ kind: 'change-scoring', suppressAbove: 0.7 })).toContain('more than 0.7 (IoU)');
  });
});
