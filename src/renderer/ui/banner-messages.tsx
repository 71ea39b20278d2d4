import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useSession } from '../state/session';

const ICONS = { danger: CircleAlert, caution: TriangleAlert, info: Info } as const;

/** Messages newer than the one of that id; `lastBannerId` gives one for what is opened now. */
export function BannerMessages({ since }: { readonly since: number }): ReactNode {
  const banners = useSession((session) => session.banners);
  const dismiss = useSession((session) => session.dismissBanner);
  return banners
    .filter(({ id }) => id > since)
    .map(({ id, tone, title, detail, action }) => {
      const Icon = ICONS[tone];
      return (
        <div key={id} className={`banner ${tone}`} role="alert">
          <Icon size={18} aria-hidden="true" />
          <div className="grow">
            <b>{title}</b>
            {detail !== '' && <p>{detail}</p>}
          </div>
          {action && (
            <button
              type="button"
              className="button"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <button
            type="button"
            className="bar-button icon"
            aria-label="Dismiss"
            title="Dismiss"
            onClick={() => dismiss(id)}
          >
            <X size={16} />
          </button>
        </div>
      );
    });
}

export const lastBannerId = (): number => useSession.getState().banners.at(-1)?.id ?? 0;
