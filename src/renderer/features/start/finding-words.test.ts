import { expect, it } from 'vitest';
import { placeWords, severityWords } from './finding-words';

it('says where, with the file by its name alone', () => {
  expect(placeWords({ file: 'a/b/c.xml', line: 164, record: 3, image: 'c.jpg' })).toBe(
    'c.xml, line 164, record 3, c.jpg',
  );
  expect(placeWords({ file: 'a\\\\c.jpg', byte: 0, image: 'c.jpg' })).toBe('c.jpg, byte 0');
  expect(placeWords({})).toBe('');
});

it('counts findings by how grave they are', () => {
  const finding = (severity: 'error' | 'warning' | 'info') => ({
    code: 'a',
    severity,
    message: 'b',
    where: {},
    count: 1,
  });
  expect(severityWords([finding('info'), finding('error'), finding('info')])).toBe('1 error, 2 notes');
  expect(severityWords([])).toBe('');
});
