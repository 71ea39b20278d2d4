/** All keys, found by typing, with the switch that turns single letters off. */
import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { ActionDefinition } from '../../../contract/actions';
import { ACTIONS, MENUS } from '../../../contract/actions';
import { keyParts } from '../../app/key-names';
import { changeSettings } from '../../state/settings';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { Kbd } from '../../ui/kbd';
import { Switch } from '../../ui/switch';

const SCOPE_WORDS: Readonly<Partial<Record<ActionDefinition['scope'], string>>> = {
  gallery: 'galleries',
  image: 'image',
  scores: 'Metrics, Compare',
  compare: 'Compare',
  training: 'Training',
  causes: 'Causes',
  import: 'Import',
  fixes: 'Fixes',
};
/** Keys that are no actions, for they do not stand alone. */
const OTHERS: readonly { readonly title: string; readonly keys: readonly string[]; readonly how?: string }[] =
  [
    { title: 'Hide all boxes', keys: ['Shift'], how: 'hold' },
    { title: 'Back, one layer at a time', keys: ['Esc'] },
    { title: 'Select a tile', keys: ['Space'] },
    { title: 'Select up to a tile', keys: ['Shift'], how: 'click with' },
    { title: 'Pan', keys: ['Space'], how: 'drag with' },
    { title: 'Move a box by 10 px', keys: ['Shift+ArrowRight'] },
  ];

/** The nine classes are one row. */
const ROWS: readonly ActionDefinition[] = Object.entries<ActionDefinition>(ACTIONS).flatMap(
  ([id, action]) => {
    if (id === 'box.class1') return [{ ...action, title: 'Class 1 to 9', keys: ['1', '9'] }];
    return /^box\.class\d$/.test(id) ? [] : [action];
  },
);

const matches = (text: string, title: string, keys: readonly string[]): boolean =>
  text === '' ||
  `${title} ${keys.flatMap((key) => keyParts(key, window.reticle.platform)).join(' ')}`
    .toLowerCase()
    .includes(text.toLowerCase());

export function ShortcutSheet({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [text, setText] = useState('');
  const singleKeys = useSession((session) => session.settings.singleKeys);
  const groups = MENUS.map((menu) => ({
    menu,
    rows: ROWS.filter(
      (action) => action.menu === menu && action.keys.length > 0 && matches(text, action.title, action.keys),
    ),
  })).filter(({ rows }) => rows.length > 0);
  const others = OTHERS.filter(({ title, keys }) => matches(text, title, keys));
  return (
    <Dialog
      title="Keys"
      onClose={onClose}
      isWide
      head={
        <label className="search-field">
          <Search size={14} aria-hidden="true" />
          <input
            type="search"
            autoFocus
            placeholder="Find a key or action"
            aria-label="Find a key or action"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
      }
      footer={
        <>
          <Switch
            label="Single letters are shortcuts"
            isOn={singleKeys}
            onChange={(isOn) => void changeSettings({ singleKeys: isOn })}
          />
          <span className="grow" />
        </>
      }
    >
      <div className="shortcut-columns">
        {groups.map(({ menu, rows }) => (
          <section key={menu}>
            <h3>{menu}</h3>
            {rows.map(({ title, keys, scope }) => (
              <div key={`${title} ${scope}`} className="shortcut">
                <span className="grow">
                  {title}
                  {SCOPE_WORDS[scope] && <span className="quiet"> {SCOPE_WORDS[scope]}</span>}
                </span>
                {keys.map((key) => (
                  <Kbd key={key} of={key} />
                ))}
              </div>
            ))}
          </section>
        ))}
        {others.length > 0 && (
          <section>
            <h3>Held and layered</h3>
            {others.map(({ title, keys, how }) => (
              <div key={title} className="shortcut">
                <span className="grow">{title}</span>
                {how && <span className="quiet">{how}</span>}
                {keys.map((key) => (
                  <Kbd key={key} of={key} />
                ))}
              </div>
            ))}
          </section>
        )}
        {groups.length === 0 && others.length === 0 && <p className="quiet">No key or action matches.</p>}
      </div>
    </Dialog>
  );
}
