/** A list over the page in which one is found by typing: commands, images, classes. */
import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { Dialog as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { Kbd } from './kbd';
import { rememberFocus, returnFocus } from './return-focus';

interface FinderProps {
  readonly label: string;
  readonly onClose: () => void;
  /** `Command.Item` and `Command.Group`. */
  readonly children: ReactNode;
  /** Where the caller does the finding. */
  readonly onSearch?: (text: string) => void;
}

export function Finder({ label, onClose, children, onSearch }: FinderProps): ReactNode {
  const [opener] = useState(rememberFocus);
  return (
    <Base.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Overlay className="scrim" />
        <Base.Content
          className="palette"
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => returnFocus(event, opener)}
        >
          <Base.Title className="visually-hidden">{label}</Base.Title>
          <Command label={label} shouldFilter={onSearch === undefined} loop>
            <div className="palette-input">
              <Search size={16} aria-hidden="true" />
              <Command.Input
                placeholder={label}
                autoFocus
                {...(onSearch ? { onValueChange: onSearch } : {})}
              />
            </div>
            <Command.List>
              <Command.Empty>Nothing matches</Command.Empty>
              {children}
            </Command.List>
          </Command>
          <footer aria-hidden="true">
            <span>
              <Kbd of="ArrowUp" /> <Kbd of="ArrowDown" /> choose
            </span>
            <span>
              <Kbd of="Enter" /> take
            </span>
            <span className="grow" />
            <span>
              <Kbd of="Esc" /> close
            </span>
          </footer>
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
