/** The silhouette of an outcome: it tells outcomes apart without colour. Decorative: the word stands beside it. */
import type { ReactNode } from 'react';
import type { TileOutcome } from '../../contract/view-types';

const PAPER = 'var(--surface)';

const SHAPES: Readonly<Record<TileOutcome, ReactNode>> = {
  'true-positive': (
    <>
      <circle cx="8" cy="8" r="6.5" fill="currentColor" />
      <path d="M5 8.2l2 2 4-4.4" stroke={PAPER} strokeWidth="1.6" fill="none" />
    </>
  ),
  'false-positive': (
    <>
      <rect x="2" y="2" width="12" height="12" rx="1.5" fill="currentColor" />
      <path d="M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2" stroke={PAPER} strokeWidth="1.6" />
    </>
  ),
  miss: <circle cx="8" cy="8" r="5.4" fill="none" stroke="currentColor" strokeWidth="2.2" />,
  'wrong-class': (
    <>
      <path d="M8 1.2L14.8 8 8 14.8 1.2 8z" fill="currentColor" />
      <path d="M5.4 6.8h5.2M5.4 9.4h5.2M9.6 5l-3.2 6.2" stroke={PAPER} strokeWidth="1.2" />
    </>
  ),
  'loose-box': (
    <>
      <rect x="2" y="2" width="12" height="12" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <rect x="2" y="7" width="7" height="7" fill="currentColor" />
    </>
  ),
  duplicate: (
    <>
      <rect x="1.8" y="1.8" width="8.4" height="8.4" fill="currentColor" />
      <rect x="5.4" y="5.4" width="8.8" height="8.8" fill="currentColor" stroke={PAPER} strokeWidth="1.2" />
    </>
  ),
  ignored: (
    <>
      <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M4 12L12 4" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
};

const COLOURS: Readonly<Record<TileOutcome, string>> = {
  'true-positive': 'var(--outcome-true-positive)',
  'false-positive': 'var(--outcome-false-positive)',
  miss: 'var(--outcome-miss)',
  'wrong-class': 'var(--outcome-wrong-class)',
  'loose-box': 'var(--outcome-loose)',
  duplicate: 'var(--outcome-duplicate)',
  ignored: 'var(--outcome-ignored)',
};

export function OutcomeGlyph({
  outcome,
  size = 'small',
}: {
  readonly outcome: TileOutcome;
  readonly size?: 'small' | 'large';
}): ReactNode {
  const pixels = size === 'large' ? 20 : 14;
  return (
    <svg
      className="outcome-glyph"
      viewBox="0 0 16 16"
      width={pixels}
      height={pixels}
      style={{ color: COLOURS[outcome], flex: 'none' }}
      aria-hidden="true"
    >
      {SHAPES[outcome]}
    </svg>
  );
}
