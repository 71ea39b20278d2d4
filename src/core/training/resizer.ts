/** What a resizer makes of an image. */
import type { Resizer } from './pipeline-config';

export type Scale = readonly [x: number, y: number];

/** By how much the resizer scales an image. */
export function scaleOf(resizer: Resizer, width: number, height: number): Scale {
  if (resizer.kind === 'fixed') return [resizer.width / width, resizer.height / height];
  const shortest = resizer.shortest / Math.min(width, height);
  const scale = Math.min(shortest, resizer.longest / Math.max(width, height));
  return [scale, scale];
}

/** For people: `300 × 300`. */
export const resizerWords = (resizer: Resizer): string =>
  resizer.kind === 'fixed'
    ? `${resizer.width} × ${resizer.height}`
    : `${resizer.shortest} to ${resizer.longest}, shape kept`;
