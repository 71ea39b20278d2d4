/** Objects labelled twice: the price of deleting one of each two. */
import { repeatedLabels } from '../../label-quality/repeated-labels';
import type { Rule } from '../rule';

export const labelsDuplicated: Rule = {
  codes: ['labels-duplicated'],
  group: 'B',
  looksFor: 'objects labelled twice',
  find({ repaired, truth }) {
    const looked = repaired?.truth ?? truth;
    if (!looked) return [];
    const { annotations } = looked;
    const { repeated, nested } = repeatedLabels(annotations, looked.images.length);
    if (repeated.length === 0) return [];
    return [
      {
        code: 'labels-duplicated',
        title: `Objects labelled twice: ${repeated.length} labels repeat another of their class`,
        evidence: { labels: repeated.length, nested: nested.length, annotations: annotations.count },
        images: [...new Set(repeated.map(({ row }) => annotations.image[row]!))],
        action: 'Delete one of each two labels of a class that overlap by more than 0.9 IoU',
        repair: { kind: 'change-labels', edits: repeated.map(({ row }) => ({ delete: { row } })) },
      },
    ];
  },
};
