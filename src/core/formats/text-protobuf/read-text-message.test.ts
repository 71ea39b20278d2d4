import { expect, it } from 'vitest';
import { messageAt, messagesOf, readTextMessage, scalarOf } from './read-text-message';

const read = (text: string) =>
  readTextMessage(text, { file: 'a.config', noun: 'file', code: 'file-invalid' });

it('keeps repeated fields, messages within and their lines', () => {
  const message = read(
    '# a comment\nmodel {\n  ssd { num_classes: 3 }\n}\nstep: 1 step: 2; name: "a" \'b\'\n',
  );
  expect(scalarOf(messageAt(message, 'model', 'ssd')!, 'num_classes')).toBe('3');
  expect(message.fields.map(({ name, line }) => [name, line])).toEqual([
    ['model', 2],
    ['step', 5],
    ['step', 5],
    ['name', 5],
  ]);
  expect(scalarOf(message, 'name')).toBe('ab');
  expect(messageAt(message, 'model', 'faster_rcnn', 'x')).toBeUndefined();
});

it('takes lists, angle brackets, a colon before a message, extensions and numbers of every form', () => {
  const message = read('scales: [0.5, 1e-05, -2] box: <x: 1> boxes: [{x: 2}, {x: 3}] [a.b.c] { x: 4 }');
  const scales = message.fields.filter(({ name }) => name === 'scales').map(({ value }) => value.value);
  expect(scales).toEqual(['0.5', '1e-05', '-2']);
  expect(scalarOf(messageAt(message, 'box')!, 'x')).toBe('1');
  expect(messagesOf(message, 'boxes').map((box) => scalarOf(box, 'x'))).toEqual(['2', '3']);
  expect(message.fields.some(({ name }) => name === '')).toBe(false);
});

it.each(['a {', 'a: }', 'a: [1, 2', '{', 'a: "open', `${'a {'.repeat(101)}${'}'.repeat(101)}`])(
  'refuses %s with a place',
  (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ name: 'BadInput', code: 'file-invalid' }));
  },
);
