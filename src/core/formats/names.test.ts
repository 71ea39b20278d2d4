import { describe, expect, it } from 'vitest';
import {
  compareBytes,
  extensionOf,
  fileNameProblem,
  folderOf,
  normaliseFileName,
  safeRelativePath,
  stemOf,
} from './names';

describe('names', () => {
  it('are taken apart', () => {
    expect(normaliseFileName('.\\a\\b.jpg')).toBe('a/b.jpg');
    expect([stemOf('x/a.b.jpg'), stemOf('.hidden'), stemOf('x.y/a')]).toEqual(['a.b', '.hidden', 'a']);
    expect([extensionOf('x/a.b.JPG'), extensionOf('.hidden'), extensionOf('x.y/a')]).toEqual([
      '.JPG',
      '',
      '',
    ]);
    expect([folderOf('x/y/a.jpg'), folderOf('a.jpg')]).toEqual(['x/y/', '']);
  });

  it('are ordered by their UTF-8 bytes', () => {
    const names = [
      'b',
      'B',
      'a.jpg',
      'a',
      'a-1',
      'a/1',
      'é',
      '\uff5e',
      '\u{1f600}',
      '\u{10000}',
      '',
      '10',
      '9',
    ];
    const byBytes = [...names].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    expect([...names].sort(compareBytes)).toEqual(byBytes);
  });

  it.each([
    '',
    '/etc/passwd',
    'C:\\a.jpg',
    'C:a.jpg',
    '\\\\host\\share\\a.jpg',
    '../a.jpg',
    'a/../../b.jpg',
    'a\\..\\b',
    'file:///a.jpg',
    'https://example.org/a.jpg',
    'a\u0000.jpg',
    'nul.jpg',
    'x/CON',
    'com1.txt',
    'a.jpg.',
    'a.jpg ',
    'x./a.jpg',
  ])('that are no relative path are known, and made harmless: %j', (name) => {
    expect(fileNameProblem(name)).not.toBeNull();
    expect(fileNameProblem(safeRelativePath(name))).toBeNull();
  });

  it.each(['a.jpg', 'x/y/a.jpg', './a.jpg', 'a..jpg', 'console.jpg', 'ä ö.jpg', '...a'])(
    'that are fine: %j',
    (name) => {
      expect(fileNameProblem(name)).toBeNull();
      expect(safeRelativePath(name)).toBe(normaliseFileName(name));
    },
  );
});
