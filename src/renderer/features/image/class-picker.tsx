/** Chooses a class by typing a few of its letters; the recent ones come first. */
import type { KeyboardEvent, ReactNode } from 'react';
import { useId, useState } from 'react';
import type { CategoryId, CategorySummary } from '../../../contract/view-types';
import { fuzzyFilter } from './fuzzy-match';

export interface ClassPickerProps {
  readonly title: string;
  readonly categories: readonly CategorySummary[];
  readonly recent: readonly CategoryId[];
  readonly current: CategoryId | null;
  readonly onChoose: (category: CategoryId) => void;
  readonly onClose: () => void;
}

/** The rest is found by typing. */
const MOST_SHOWN = 100;

interface Choice {
  readonly category: CategorySummary;
  /** Place in the project's list, which is its digit key up to 9. */
  readonly place: number;
}

export function ClassPicker({
  title,
  categories,
  recent,
  current,
  onChoose,
  onClose,
}: ClassPickerProps): ReactNode {
  const [typed, setTyped] = useState('');
  const [cursor, setCursor] = useState(0);
  const id = useId();
  const choices = shownChoices(categories, recent, typed);
  const chosen = choices[Math.min(cursor, choices.length - 1)];

  const move = (to: number): void => {
    if (choices.length > 0) setCursor((to + choices.length) % choices.length);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = {
      ArrowDown: () => move(cursor + 1),
      ArrowUp: () => move(cursor - 1),
      Enter: () => chosen && onChoose(chosen.category.id),
      Escape: onClose,
      Tab: onClose,
    }[event.key];
    event.stopPropagation();
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <div
      className="class-picker"
      role="dialog"
      aria-label={title}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && onClose()}
    >
      <input
        autoFocus
        role="combobox"
        aria-label={title}
        aria-expanded
        aria-controls={id}
        aria-activedescendant={chosen ? `${id}-${chosen.category.id}` : undefined}
        aria-autocomplete="list"
        placeholder={title}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setCursor(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={id} role="listbox" aria-label="Classes">
        {choices.map(({ category, place }) => (
          <li
            key={category.id}
            id={`${id}-${category.id}`}
            role="option"
            aria-selected={category === chosen?.category}
            ref={(element) => {
              if (category === chosen?.category) element?.scrollIntoView({ block: 'nearest' });
            }}
            // Before the input loses the focus, which closes the picker.
            onPointerDown={(event) => {
              event.preventDefault();
              onChoose(category.id);
            }}
          >
            <span className="name">{category.name}</span>
            {category.id === current && <span className="quiet">now</span>}
            {place <= 9 && <kbd className="kbd">{place}</kbd>}
          </li>
        ))}
      </ul>
      {choices.length === 0 && <p className="quiet none">No class has these letters.</p>}
    </div>
  );
}

function shownChoices(
  categories: readonly CategorySummary[],
  recent: readonly CategoryId[],
  typed: string,
): readonly Choice[] {
  const choices = categories.map((category, index) => ({ category, place: index + 1 }));
  const rank = ({ category }: Choice): number => {
    const place = recent.indexOf(category.id);
    return place < 0 ? recent.length : place;
  };
  const ordered = [...choices].sort((a, b) => rank(a) - rank(b) || a.place - b.place);
  return fuzzyFilter(ordered, ({ category }) => category.name, typed).slice(0, MOST_SHOWN);
}
