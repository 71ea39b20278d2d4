/** What is selected, or under the cursor, and what can be done with it. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Tile } from '../../../contract/view-types';
import { ActionButton } from '../../app/action-button';
import { useSession } from '../../state/session';
import { count, difference } from '../../ui/number-text';
import { useAcceptEffect } from './use-accept-effect';
import type { GalleryKind } from './gallery-state';

interface SelectionBarProps {
  readonly kind: GalleryKind;
  readonly selected: readonly Tile[];
  readonly current: Tile | null;
  readonly total: number;
  readonly classNames: ReadonlyMap<number, string>;
  readonly onClear: () => void;
}

/** `2 red cell, 1 platelet in 3 images`. */
export function selectionWords(tiles: readonly Tile[], classNames: ReadonlyMap<number, string>): string {
  const byClass = new Map<string, number>();
  for (const tile of tiles)
    if (tile.kind === 'failure') {
      const name = classNames.get(tile.category) ?? '?';
      byClass.set(name, (byClass.get(name) ?? 0) + 1);
    }
  const images = new Set(tiles.map(({ image }) => image)).size;
  const classes = [...byClass].map(([name, number]) => `${number} ${name}`).join(', ');
  return classes === '' ? '' : `${classes} in ${images} ${images === 1 ? 'image' : 'images'}`;
}

export function SelectionBar({
  kind,
  selected,
  current,
  total,
  classNames,
  onClear,
}: SelectionBarProps): ReactNode {
  if (total === 0) return null;
  const one =
    current?.kind === 'failure'
      ? `${classNames.get(current.category) ?? ''} in ${current.imageName}`
      : (current?.imageName ?? '');
  return (
    <div className="selection-bar">
      <div className="selection">
        <span className="clip" data-testid="selection">
          {selected.length > 0 ? (
            <>
              <b>{count(selected.length)} selected</b>{' '}
              <span className="quiet">{selectionWords(selected, classNames)}</span>
            </>
          ) : (
            <span className="quiet">{one}</span>
          )}
        </span>
        {selected.length > 0 && (
          <button
            type="button"
            className="bar-button icon small"
            aria-label="Select nothing"
            title="Select nothing (Esc)"
            onClick={onClear}
          >
            <X size={14} />
          </button>
        )}
      </div>
      {kind === 'failures' && (
        <AcceptEffect tiles={selected.length > 0 ? selected : current ? [current] : []} />
      )}
      <ActionButton action="review.dismiss" showsKey>
        Dismiss
      </ActionButton>
      {kind === 'failures' && (
        <ActionButton action="box.pickClass" showsKey>
          Set class
        </ActionButton>
      )}
      <ActionButton action="go.open" showsKey isPrimary={kind === 'images'} />
      {kind === 'failures' && (
        <ActionButton action="box.accept" isPrimary showsKey>
          Accept as ground truth
        </ActionButton>
      )}
    </div>
  );
}

const ACCEPTING = ['', 'Accepting it', 'Accepting both'] as const;

/** What accepting the predictions of the tiles would do to the headline number. */
function AcceptEffect({ tiles }: { readonly tiles: readonly Tile[] }): ReactNode {
  const effect = useAcceptEffect(tiles);
  const metric = useSession((session) => session.score?.metric);
  if (!effect || metric === undefined) return null;
  const subject = ACCEPTING[effect.predictions] ?? `Accepting ${count(effect.predictions)}`;
  return (
    <span className="quiet accept-effect" data-testid="accept-effect" aria-live="polite">
      {subject}: {metric} <b className="number">{difference(effect.change)}</b>
    </span>
  );
}
