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
const INSPECTOR_BESIDE = 80;
const FILMSTRIP_BESIDE = 68.75;

export function usePanels(): Panels {
  const rem = useRem();
  const isWide = useWindowWidth() >= INSPECTOR_BESIDE * rem;
  const hasStripRoom = useWindowWidth() >= FILMSTRIP_BESIDE * rem;
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

function useWindowWidth(): number {
  return useSyncExternalStore(onWindowResize, () => window.innerWidth);
}

/** Pixels of one rem: 16, more where text is larger. */
export function useRem(): number {
  return useSyncExternalStore(onTextSize, () =>
    Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  );
}

function onWindowResize(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}

function onTextSize(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true });
  const end = onWindowResize(listener);
  return () => {
    observer.disconnect();
    end();
  };
}
