import type { ReactNode } from 'react';
import { useState } from 'react';
import { count } from '../../ui/number-text';

/** Rows shown at first: hundreds of classes in several tables would take seconds to draw. */
const FIRST_ROWS = 40;

/** The first rows of a long table, and what shows all of them and back; null where all are shown anyway. */
export function useFirstRows<T>(rows: readonly T[]): readonly [shown: readonly T[], more: ReactNode] {
  const [isAll, setIsAll] = useState(false);
  if (rows.length <= FIRST_ROWS) return [rows, null];
  const more = (
    <button type="button" className="link caption-12" aria-expanded={isAll} onClick={() => setIsAll(!isAll)}>
      {isAll ? `Show the first ${FIRST_ROWS} classes` : `Show all ${count(rows.length)} classes`}
    </button>
  );
  return [isAll ? rows : rows.slice(0, FIRST_ROWS), more];
}
