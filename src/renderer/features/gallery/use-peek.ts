import type { RefObject } from 'react';
import { useEffect } from 'react';

const PEEK_AFTER = 250;

/** Holding Shift alone hides what is drawn over the pictures. */
export function usePeek(ref: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      ref.current?.classList.remove('peeking');
    };
    const down = (event: KeyboardEvent) => {
      if (event.key !== 'Shift' || event.repeat) stop();
      else timer = setTimeout(() => ref.current?.classList.add('peeking'), PEEK_AFTER);
    };
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', stop);
    window.addEventListener('blur', stop);
    return () => {
      stop();
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', stop);
      window.removeEventListener('blur', stop);
    };
  }, [ref]);
}
