/** Which panels stand beside the canvas: fewer in a narrow window, where they open over it. */
import { useState, useSyncExternalStore } from 'react';

export type PanelState = 'shown' | 'hidden' | 'over';

export interface Panels {
  readonly inspector: PanelState;
  readonly filmstrip: PanelState;
  readonly canFoldFilmstrip: boolean;
  readonly toggleInspector: () => void;
  readonly showInspector: () => void;
  readonly toggleFilmstrip: () => void;
}

/** In rem, so that text at 200 % folds at twice the width. */
const INSPECTOR_BESIDE = '(min-width: 80rem)';
const FILMSTRIP_BESIDE = '(min-width: 68.75rem)';

export function usePanels(): Panels {
  const isWide = useMedia(INSPECTOR_BESIDE);
  const hasStripRoom = useMedia(FILMSTRIP_BESIDE);
  // Each layout remembers its own choice: what is opened over a narrow canvas is not closed in a wide window.
  const [isOpenBeside, setOpenBeside] = useState(true);
  const [isOpenOver, setOpenOver] = useState(false);
  const [isStripOver, setStripOver] = useState(false);
  return {
    inspector: isWide ? (isOpenBeside ? 'shown' : 'hidden') : isOpenOver ? 'over' : 'hidden',
    filmstrip: hasStripRoom ? 'shown' : isStripOver ? 'over' : 'hidden',
    canFoldFilmstrip: !hasStripRoom,
    toggleInspector: () => (isWide ? setOpenBeside(!isOpenBeside) : setOpenOver(!isOpenOver)),
    showInspector: () => (isWide ? setOpenBeside(true) : setOpenOver(true)),
    toggleFilmstrip: () => setStripOver(!isStripOver),
  };
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => window.matchMedia(query).matches,
  );
}
