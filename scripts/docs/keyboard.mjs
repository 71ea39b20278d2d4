// Writes docs/keyboard.md from the one table of actions:  node scripts/docs/keyboard.mjs
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ACTIONS, MENUS } from '../../src/contract/actions.ts';

const WHERE = {
  everywhere: 'everywhere',
  project: 'in a project',
  gallery: 'in a gallery',
  image: 'in the image view',
  scores: 'in Metrics and Compare',
  compare: 'in Compare',
  training: 'in Training',
  causes: 'in Causes',
  import: 'in an import',
  fixes: 'in Fixes',
  data: 'in Data',
};
const SHOWN = { ArrowRight: '→', ArrowLeft: '←', ArrowUp: '↑', ArrowDown: '↓', Mod: 'Ctrl' };

const showKey = (key) =>
  key
    .split(/\+(?=.)/)
    .map((part) => `\`${SHOWN[part] ?? part}\``)
    .join(' ');

/** @returns {string} the page as Markdown */
export function keyboardPage() {
  const lines = [
    '# Keyboard',
    '',
    'Made from `src/contract/actions.ts`. `Ctrl` is Cmd on macOS. Every action is in the menu and in the command palette',
    '(`Ctrl` `K`) too; single letters can be switched off in the settings.',
    '',
    'Arrows move the selected box by 1 px (`Shift`: 10 px); with nothing selected they change the image. The status bar says',
    'which. Holding `Shift` alone hides all overlays. `Esc` goes back one layer: menu, drawing, selection, zoom, page.',
    'In a gallery arrows move the cursor and `Space` selects.',
  ];
  for (const menu of MENUS) {
    const actions = Object.values(ACTIONS).filter((action) => action.menu === menu && action.keys.length > 0);
    if (actions.length === 0) continue;
    lines.push('', `## ${menu}`, '', '| key | action | where |', '| --- | --- | --- |');
    for (const { keys, title, scope } of actions) {
      lines.push(`| ${keys.map(showKey).join(', ')} | ${title} | ${WHERE[scope]} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  fs.writeFileSync(new URL('../../docs/keyboard.md', import.meta.url), keyboardPage());
}
