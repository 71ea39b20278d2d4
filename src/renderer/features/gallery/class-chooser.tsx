import { Command } from 'cmdk';
import type { ReactNode } from 'react';
import type { CategoryId } from '../../../contract/view-types';
import { useSession } from '../../state/session';
import { Finder } from '../../ui/finder';
import { count as countText } from '../../ui/number-text';

interface ClassChooserProps {
  /** Tiles that get the class. */
  readonly count: number;
  readonly onChoose: (category: CategoryId) => void;
  readonly onClose: () => void;
}

/** Chooses a class for tiles by typing a few of its letters. */
export function ClassChooser({ count, onChoose, onClose }: ClassChooserProps): ReactNode {
  const categories = useSession((session) => session.project?.categories) ?? [];
  return (
    <Finder label={count === 1 ? 'Set the class' : `Set the class of ${count} tiles`} onClose={onClose}>
      {categories.map(({ id, name, annotations }) => (
        <Command.Item
          key={id}
          value={`${name} ${id}`}
          onSelect={() => {
            onClose();
            onChoose(id);
          }}
        >
          <span className="grow clip">{name}</span>
          <span className="quiet">{countText(annotations)} boxes</span>
        </Command.Item>
      ))}
    </Finder>
  );
}
