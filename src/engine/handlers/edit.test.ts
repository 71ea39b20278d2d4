import { expect, it } from 'vitest';
import type { Operation } from '../../contract/engine-calls';
import { makeSmallProject, NO_SCORES } from '../project/small-project.fixture';
import { labelOf } from './edit';

it('a step is called by what was done, the class and the image', () => {
  const { session, remove } = makeSmallProject();
  try {
    const run = session.runs[0]!.id;
    const label = (...operations: Operation[]): string =>
      session.apply(operations, 'test', (changes) => labelOf(operations, changes, session.data), NO_SCORES)
        .label;
    expect(label({ accept: { run, prediction: 24 } })).toBe('Accept a on 1.jpg');
    expect(label({ change: { annotation: 2, category: 1 } })).toBe('Change a on 1.jpg');
    expect(label({ delete: { annotation: 1 } }, { delete: { annotation: 4 } })).toBe('Delete (2) on 1.jpg');
    expect(label({ delete: { annotation: 5 } }, { delete: { annotation: 9 } })).toBe('Delete (2) a');
    const image = session.data.images[2]!.key;
    expect(label({ review: { image, note: 'twice' } })).toBe('Review on 3.jpg');
    expect(label({ renameCategory: { category: 5, name: 'c' } })).toBe('Rename a class');
    expect(session.log.page(null, 1)[0]!.label).toBe('Rename a class');
  } finally {
    session.close();
    remove();
  }
});
