/** What has just happened, with the way back; held by hover or focus. */
import { Check, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useSession } from '../state/session';

const SHOWN_FOR = 5000;

export function Toast(): ReactNode {
  const toast = useSession((session) => session.toast);
  const dismiss = useSession((session) => session.dismissToast);
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    if (toast === null || isHeld) return;
    const end = setTimeout(dismiss, SHOWN_FOR);
    return () => clearTimeout(end);
  }, [toast, isHeld, dismiss]);
  return (
    <div
      className="toast-place"
      role="status"
      aria-live="polite"
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
    >
      {toast !== null && (
        <div className="toast">
          <Check size={16} className="good" aria-hidden="true" />
          <span>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              className="link"
              onClick={() => {
                dismiss();
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button
            type="button"
            className="bar-button icon small"
            aria-label="Dismiss the message"
            onClick={dismiss}
          >
            <X size={12} />
          </button>
        </div>
      )}
    </div>
  );
}
