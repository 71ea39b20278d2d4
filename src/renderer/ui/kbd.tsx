import type { ReactNode } from 'react';
import { keyParts } from '../app/key-names';

/** A key of the table of actions, as caps. */
export function Kbd({ of }: { readonly of: string }): ReactNode {
  return (
    <span className="keys">
      {keyParts(of, window.reticle.platform).map((part) => (
        <kbd key={part}>{part}</kbd>
      ))}
    </span>
  );
}
