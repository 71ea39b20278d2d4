/** Many marks of one chart as one stop of the Tab key: arrows move between them. */
import type { KeyboardEvent } from 'react';
import { useState } from 'react';

export interface Roving {
  /** For a mark: whether Tab stops at it, and its keys. */
  readonly mark: (at: number) => {
    readonly tabIndex: number;
    readonly onFocus: () => void;
    readonly onKeyDown: (event: KeyboardEvent<SVGElement>) => void;
  };
}

/** `across`: marks in a row, of which `count` make up the chart. `open`: what Enter does. */
export function useRoving(
  count: number,
  across: number,
  open: (at: number, isShifted: boolean) => void,
): Roving {
  const [current, setCurrent] = useState(0);
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ...(across < count ? { ArrowDown: across, ArrowUp: -across } : {}),
  };
  const mark: Roving['mark'] = (at) => ({
    tabIndex: at === Math.min(current, count - 1) ? 0 : -1,
    onFocus: () => setCurrent(at),
    onKeyDown: (event) => {
      const step = steps[event.key];
      if (step !== undefined) {
        const marks = event.currentTarget.closest('svg')?.querySelectorAll<SVGElement>('[role=button]');
        marks?.[at + step]?.focus();
      } else if (event.key === 'Enter' || event.key === ' ') open(at, event.shiftKey);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  });
  return { mark };
}
