/** The actions of a gallery, on the selected tiles or the one under the cursor. */
import { useAction } from '../../app/use-action';
import type { Operation } from '../../../contract/engine-calls';
import type { CategoryId, RunId, Tile } from '../../../contract/view-types';
import { useSession } from '../../state/session';
import { difference } from '../../ui/number-text';
import type { GalleryKind } from './gallery-state';
import { NO_FILTER, useGallery } from './gallery-state';
import { acceptable, classOperations, verdict } from './grid-operations';

const TILE_STEP = 28;

interface GridActions {
  readonly kind: GalleryKind;
  readonly run: RunId | null;
  readonly chosen: readonly Tile[];
  readonly onOpen: () => unknown;
  readonly onDone: () => void;
  readonly onPickClass: () => void;
}

/** Applies operations and says what they did, with the way back. */
async function perform(operations: readonly Operation[], what: string): Promise<boolean> {
  if (operations.length === 0) return false;
  const { applyOperations, showToast, undo } = useSession.getState();
  const done = await applyOperations(operations);
  if (!done) return false;
  const change = done.score?.editChange ?? null;
  const effect = done.score && change !== null ? `, ${done.score.metric} ${difference(change)}` : '';
  showToast(`${what}${effect}`, { label: 'Undo', run: () => void undo() });
  return true;
}

const numbered = (number: number, one: string, many: string): string =>
  number === 1 ? `1 ${one}` : `${number} ${many}`;

/** Registers the actions; returns the one that needs a class first. */
export function useGridActions({
  kind,
  run,
  chosen,
  onOpen,
  onDone,
  onPickClass,
}: GridActions): (category: CategoryId) => Promise<void> {
  const { setSection } = useSession.getState();
  const { setTileSize, toggleFilters, change } = useGallery.getState();
  const size = useGallery((state) => state.tileSize);
  const predicted = kind === 'failures' && run !== null ? acceptable(chosen) : [];
  const tiles = kind === 'failures' ? 'failures' : 'images';
  const judge = async (status: 'dismissed' | 'to-do', word: string) => {
    const operations = chosen.flatMap((tile) => verdict(tile, run, status));
    if (await perform(operations, `${numbered(chosen.length, tiles.slice(0, -1), tiles)} ${word}`)) onDone();
  };
  useAction('go.open', onOpen, chosen.length > 0);
  useAction(
    'box.accept',
    async () => {
      const operations = predicted.map((tile) => ({ accept: { run: run!, prediction: tile.prediction! } }));
      if (await perform(operations, `${numbered(predicted.length, 'prediction', 'predictions')} accepted`))
        onDone();
    },
    predicted.length > 0,
  );
  useAction('box.pickClass', onPickClass, kind === 'failures' && chosen.length > 0);
  useAction('review.dismiss', () => judge('dismissed', 'dismissed'), chosen.length > 0);
  useAction('review.clear', () => judge('to-do', 'to do again'), chosen.length > 0);
  useAction('view.galleryKind', () => setSection(kind === 'failures' ? 'images' : 'failures'));
  useAction('view.tilesSmaller', () => setTileSize(size - TILE_STEP));
  useAction('view.tilesLarger', () => setTileSize(size + TILE_STEP));
  useAction('view.toggleFilters', toggleFilters);
  useAction('view.clearFilters', () => change(kind, { filter: NO_FILTER, cursor: 0 }));

  return async (category) => {
    const operations = chosen.flatMap((tile) => classOperations(tile, category));
    const name = useSession.getState().project?.categories.find(({ id }) => id === category)?.name ?? '';
    if (operations.length === 0) useSession.getState().showToast(`Nothing to change: it is ${name} already.`);
    else if (
      await perform(operations, `${numbered(operations.length, 'label is', 'labels are')} ${name} now`)
    )
      onDone();
  };
}
