import { X } from 'lucide-react';
import { Dialog as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { BannerMessages, lastBannerId } from './banner-messages';
import { rememberFocus, returnFocus } from './return-focus';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, the primary one last. */
  readonly footer?: ReactNode;
  readonly isWide?: boolean;
  /** Beside the title. */
  readonly head?: ReactNode;
}

/** What the dialog is about comes before its close button. */
function focusFirst(event: Event): void {
  const dialog = event.currentTarget as HTMLElement;
  const asksForFocus = dialog.contains(document.activeElement) && document.activeElement !== dialog;
  const target = asksForFocus
    ? null
    : (dialog.querySelector<HTMLElement>('.body input:checked, .body [aria-pressed=true], .body input') ??
      dialog.querySelector<HTMLElement>('.body button, footer .primary, footer button:not(:disabled)'));
  if (!asksForFocus && !target) return;
  event.preventDefault();
  target?.focus();
}

/** A decision or a list over the page. Focus stays inside and goes back to where it was. */
export function Dialog({ title, onClose, children, footer, head, isWide = false }: DialogProps): ReactNode {
  const [since] = useState(lastBannerId);
  const [opener] = useState(rememberFocus);
  return (
    <Base.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Overlay className="scrim" />
        <Base.Content
          className={isWide ? 'dialog wide' : 'dialog'}
          aria-describedby={undefined}
          onOpenAutoFocus={focusFirst}
          onCloseAutoFocus={(event) => returnFocus(event, opener)}
        >
          <header role="presentation">
            <Base.Title>{title}</Base.Title>
            {head}
            <Base.Close className="bar-button icon" aria-label="Close">
              <X size={16} />
            </Base.Close>
          </header>
          {/* What fails while it is open is told here: the page's own place lies under it. */}
          <BannerMessages since={since} />
          <div className="body">{children}</div>
          {footer && <footer role="presentation">{footer}</footer>}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
