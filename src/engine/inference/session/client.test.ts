import { describe, expect, it } from 'vitest';
import { explainEnd } from './client';

const GLIB = `(process:14636): GLib-GObject-CRITICAL **: 03:39:21.323: g_object_unref: assertion 'G_IS_OBJECT (object)' failed`;

describe('the end of a process that ran a model', () => {
  it.each([
    ['signal SIGKILL', ''],
    // Chromium's allocator, on Unix and on Windows.
    ['signal SIGTRAP', GLIB],
    ['code -536870904', ''],
    ['signal SIGABRT', `terminate called after throwing an instance of 'std::bad_alloc'\n${GLIB}\n`],
  ])('%s is a lack of memory', (how, output) => {
    const { code, message } = explainEnd(how, output, true);
    expect(code).toBe('model-out-of-memory');
    expect(message).toContain('most likely because memory ran out');
    expect(message).not.toContain('GLib');
  });

  it('is told with the last that it printed, without what GLib says of every end', () => {
    const { code, message } = explainEnd('code 1', `loading\nno such symbol: x\n${GLIB}\n`, true);
    expect(code).toBe('model-process-ended');
    expect(message).toBe('The process that ran the model ended (code 1): no such symbol: x.');
  });
});
