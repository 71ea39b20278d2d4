import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { keyboardPage } from './keyboard.mjs';

it('docs/keyboard.md says what the table of actions says', () => {
  expect(readFileSync(new URL('../../docs/keyboard.md', import.meta.url), 'utf8')).toBe(keyboardPage());
});
