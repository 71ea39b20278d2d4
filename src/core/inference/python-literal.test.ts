import { describe, expect, it } from 'vitest';
import { readPythonLiteral } from './python-literal';

describe('Python literals', () => {
  it.each([
    [
      "{0: 'RBC', 1: \"it's\"}",
      new Map([
        [0, 'RBC'],
        [1, "it's"],
      ] as [number, string][]),
    ],
    ['[640, 480]', [640, 480]],
    ['(1, 2,)', [1, 2]],
    ['True', true],
    ['None', null],
    ['-1.5e3', -1500],
    ["'a\\'b\\x41\\u00e9'", "a'bAé"],
    [
      "{'args': {'nms': True}, 'x': []}",
      new Map<string, unknown>([
        ['args', new Map([['nms', true]])],
        ['x', []],
      ]),
    ],
    ['{"0": "json too"}', new Map([['0', 'json too']])],
  ])('%s', (text, value) => expect(readPythonLiteral(text)).toEqual(value));

  it.each(['', '{0: ', "'open", '[1 2]', 'hello', '1 2', '['.repeat(100)])('%s is none', (text) =>
    expect(readPythonLiteral(text)).toBeUndefined(),
  );
});
