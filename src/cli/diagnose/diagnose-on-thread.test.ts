/** At a terminal causes are named as they are found; a signal tells what was known by then. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cleanSet } from '../../core/diagnosis/clean-set.fixture';
import { situationOf } from '../../core/diagnosis/data-files.fixture';
import { noProgress } from '../../core/foundation/cancellation';
import { diagnoseOnThread } from './diagnose-on-thread';

const { isTTY } = process.stderr;
beforeEach(() => {
  process.stderr.isTTY = true;
});
afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = isTTY;
});

it('names a cause while the rest is looked for, and says on a signal what is not whole', async () => {
  const files = cleanSet(3, { images: 30, classes: 3, objects: 4, clutter: 2, looseness: 0.05, found: 0.9 });
  for (const record of files.predictions) record.category_id = Number(record.category_id) - 1;
  const situation = situationOf(files);
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    // Without anybody who ends the process, the diagnosis goes on.
    if (String(text).includes('So far: ')) process.emit('SIGTERM');
    return true;
  });
  const others = process.listeners('SIGTERM');
  process.removeAllListeners('SIGTERM');
  const sources = { train: null, training: null, reported: [] };
  const diagnosis = await diagnoseOnThread({ situation, truth: situation.truth, sources }, noProgress);
  expect(process.listenerCount('SIGTERM')).toBe(0);
  for (const other of others) process.on('SIGTERM', other);
  expect(diagnosis.causes.map(({ code }) => code)).toEqual(['label-map-shifted']);
  expect(said).toMatch(/So far: Label map shifted.*\[label-map-shifted\] \+0\.\d{3}/);
  expect(said).toContain(
    'What was known is not whole: labels, data, training and prices were still to come.',
  );
  expect(said.match(/Cancelled/g)).toHaveLength(1);
});
