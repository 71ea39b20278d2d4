/** Keys as the table of actions names them, and as people read them. */
export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const isLetter = (key: string): boolean => /^[a-z]$/i.test(key);
/** Keys whose Shift is part of the character itself: `?` is typed with Shift on most keyboards. */
const isSymbol = (key: string): boolean => key.length === 1 && !/[a-z0-9 ]/i.test(key);

/** The pressed key in the table's words: `Mod+Shift+Z`, `ArrowLeft`, `?`. */
export function keyName(pressed: PressedKey, platform: string): string {
  const hasMod = platform === 'darwin' ? pressed.metaKey : pressed.ctrlKey;
  const key = pressed.key === ' ' ? 'Space' : isLetter(pressed.key) ? pressed.key.toUpperCase() : pressed.key;
  const withShift = pressed.shiftKey && !isSymbol(pressed.key);
  return [hasMod ? 'Mod' : null, pressed.altKey ? 'Alt' : null, withShift ? 'Shift' : null, key]
    .filter(Boolean)
    .join('+');
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
  Backspace: '⌫',
};

/** Parts of a key of the table, for key caps. */
export function keyParts(key: string, platform: string): string[] {
  return key
    .split(/\+(?=.)/)
    .map((part) => (part === 'Mod' ? (platform === 'darwin' ? '⌘' : 'Ctrl') : (SHOWN[part] ?? part)));
}

/** Whether a key is a single character without modifiers, which users may switch off. */
export const isSingleKey = (key: string): boolean => key.length === 1 && key !== '?';
