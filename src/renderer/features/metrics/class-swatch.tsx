import type { ReactNode } from 'react';
import { useSession } from '../../state/session';
import { classStyle } from '../scores/class-style';

/** The line that a class has in charts. */
export function ClassSwatch({ id }: { readonly id: number }): ReactNode {
  const index = useSession(
    (session) => session.project?.categories.findIndex((category) => category.id === id) ?? 0,
  );
  const { colour, dash } = classStyle(Math.max(0, index));
  return (
    <svg className="swatch" viewBox="0 0 20 10" aria-hidden="true">
      <line x1="0" x2="20" y1="5" y2="5" stroke={colour} strokeDasharray={dash} />
    </svg>
  );
}
