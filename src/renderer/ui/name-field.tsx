import type { ReactNode } from 'react';
import { useState } from 'react';

export interface NameFieldProps {
  readonly name: string;
  readonly label: string;
  /** With a name that is not empty and differs. */
  readonly onRename: (name: string) => void;
}

/** A name that is changed where it stands: Enter or leaving takes it, Escape and nothing keep the old one. */
export function NameField({ name, label, onRename }: NameFieldProps): ReactNode {
  const [text, setText] = useState(name);
  const commit = () => {
    if (text.trim() !== '' && text.trim() !== name) onRename(text.trim());
    else setText(name);
  };
  return (
    <input
      className="grow"
      aria-label={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key !== 'Escape' || text === name) return;
        event.stopPropagation();
        setText(name);
      }}
    />
  );
}
