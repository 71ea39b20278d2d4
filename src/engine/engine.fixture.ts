/** The engine of tests: it runs no model, and whatever it would log fails the test. */
import path from 'node:path';
import type { Engine } from './engine';
import { createEngine } from './engine';

/** The checkout's own, with the sample in it. */
export const RESOURCES = path.join(import.meta.dirname, '..', '..', 'resources');

/** Its data lie below `folder`. */
export function testEngine(folder: string, resources = folder): Engine {
  return createEngine({
    startSession: () => {
      throw new Error('no model is run here');
    },
    userData: path.join(folder, 'data'),
    resources,
    author: 'test',
    version: '0',
    emit: () => undefined,
    log: (text) => {
      throw new Error(text);
    },
  });
}
