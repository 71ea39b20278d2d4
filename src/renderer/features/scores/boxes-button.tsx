import type { ReactNode } from 'react';
import type { Wanted } from './open-boxes';
import { openBoxes } from './open-boxes';

interface BoxesButtonProps {
  /** What opens, in words: `the 160 missed RBC`. */
  readonly label: string;
  readonly wanted: Wanted;
  readonly children: ReactNode;
}

/** A number that opens the boxes behind it. */
export function BoxesButton({ label, wanted, children }: BoxesButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="boxes"
      title={`Open ${label}`}
      onClick={(event) => {
        event.stopPropagation();
        openBoxes(wanted);
      }}
    >
      {children}
      <span className="visually-hidden">: open {label}</span>
    </button>
  );
}
