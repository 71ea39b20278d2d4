import type { ReactNode } from 'react';
import { Whiskers } from './interval-bar';

interface ShareBarProps {
  readonly value: number | null;
  readonly ends: readonly [number, number] | null | undefined;
}

/** A share of 1 as a bar; its number stands beside it. */
export function ShareBar({ value, ends }: ShareBarProps): ReactNode {
  return (
    <svg className="chart share-bar" aria-hidden="true">
      <line className="grid" x1="50%" x2="50%" y1="0" y2="100%" />
      <line className="grid" x1="100%" x2="100%" y1="0" y2="100%" />
      {value !== null && <rect className="pale-bar" x="0" y="32%" width={`${100 * value}%`} height="36%" />}
      {ends && <Whiskers from={`${100 * ends[0]}%`} to={`${100 * ends[1]}%`} />}
    </svg>
  );
}
