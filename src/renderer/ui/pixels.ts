/** Addresses of pixels: by an image's key, never by path. */
import type { Box, ImageKey } from '../../contract/view-types';
import { useSession } from '../state/session';

export const fullImageUrl = (image: ImageKey): string => `app-image://image/${image}/full?v=${version()}`;

export const thumbnailUrl = (image: ImageKey, size: number): string =>
  `app-image://image/${image}/thumb?size=${size}&v=${version()}`;

/** A part of an image (x, y, width, height in its pixels), its longer side scaled to `size`. */
export function cropUrl(image: ImageKey, [x, y, width, height]: Box, size: number): string {
  const number = (value: number): string => String(Math.round(value * 100) / 100);
  return `app-image://image/${image}/crop?size=${size}&x=${number(x)}&y=${number(y)}&w=${number(width)}&h=${number(height)}&v=${version()}`;
}

/**
 * Tells the pictures of one project (and folder of images) from those of another: keys start anew in each, and the
 * window remembers pictures by address. FNV-1a over the paths; a name, not a safeguard.
 */
function version(): string {
  const { project } = useSession.getState();
  let hash = 0x811c9dc5;
  for (const letter of `${project?.path ?? ''}\n${project?.imageRoot ?? ''}`)
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return hash.toString(36);
}
