import { describe, expect, it } from 'vitest';
import { isSingleKey, keyName, keyParts } from './key-names';

const press = (key: string, more: Partial<Parameters<typeof keyName>[0]> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});

describe('key names', () => {
  it('are those of the table of actions', () => {
    expect(keyName(press('z', { ctrlKey: true }), 'linux')).toBe('Mod+Z');
    expect(keyName(press('Z', { ctrlKey: true, shiftKey: true }), 'linux')).toBe('Mod+Shift+Z');
    expect(keyName(press('z', { metaKey: true }), 'darwin')).toBe('Mod+Z');
    expect(keyName(press('ArrowLeft', { shiftKey: true }), 'linux')).toBe('Shift+ArrowLeft');
    expect(keyName(press(' '), 'linux')).toBe('Space');
  });

  it('take the Shift of a symbol as part of it', () => {
    expect(keyName(press('?', { shiftKey: true }), 'linux')).toBe('?');
  });

  it('show as caps', () => {
    expect(keyParts('Mod+Shift+Z', 'linux')).toEqual(['Ctrl', 'Shift', 'Z']);
    expect(keyParts('Mod+-', 'linux')).toEqual(['Ctrl', '-']);
    expect(keyParts('Shift+ArrowRight', 'darwin')).toEqual(['Shift', '→']);
  });

  it('count as single where they are one character', () => {
    expect(isSingleKey('W')).toBe(true);
    expect(isSingleKey('Mod+W')).toBe(false);
    expect(isSingleKey('Delete')).toBe(false);
    expect(isSingleKey('?')).toBe(false);
  });
});
