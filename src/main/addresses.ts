/** Addresses of the two custom protocols, taken apart strictly: what is not exactly an address of ours is null. */
import path from 'node:path';
import { PAGE_SCHEME } from '../contract/channels';
import type { PixelRequest } from '../contract/host-messages';

/** Largest side of a thumbnail or crop in pixels; a `full` image may ask for more. */
const LARGEST_PART = 4096;
const LARGEST_FULL = 32_768;

const WHOLE = /^(0|[1-9]\d{0,9})$/;
const DECIMAL = /^-?\d{1,9}(\.\d{1,12})?$/;
/** Names a version of the project's pictures, so that the window's memory of one project never serves another. */
const VERSION = /^[A-Za-z0-9_-]{1,64}$/;

const PARAMETERS = {
  full: { required: [], optional: ['size', 'v'] },
  thumb: { required: ['size'], optional: ['v'] },
  crop: { required: ['size', 'x', 'y', 'w', 'h'], optional: ['v'] },
} as const;

function parameters(query: URLSearchParams, kind: keyof typeof PARAMETERS): Map<string, string> | null {
  const { required, optional } = PARAMETERS[kind];
  const known: readonly string[] = [...required, ...optional];
  const found = new Map<string, string>();
  for (const [name, value] of query) {
    if (!known.includes(name) || found.has(name)) return null;
    found.set(name, value);
  }
  return required.every((name) => found.has(name)) ? found : null;
}

function whole(text: string | undefined, smallest: number, largest: number): number | null {
  if (text === undefined || !WHOLE.test(text)) return null;
  const value = Number(text);
  return value >= smallest && value <= largest ? value : null;
}

function decimal(text: string | undefined): number | null {
  return text !== undefined && DECIMAL.test(text) ? Number(text) : null;
}

/**
 * `app-image://image/<key>/full?size=`, `.../thumb?size=`, `.../crop?size=&x=&y=&w=&h=` (pixels of the stored image),
 * each with an optional `v=` that only tells versions apart. Null for everything else, paths above all.
 */
export function parseImageAddress(address: string): PixelRequest | null {
  const match = /^app-image:\/\/image\/(\d{1,10})\/(full|thumb|crop)(?:\?([^#]*))?$/.exec(address);
  if (!match) return null;
  const image = whole(match[1], 0, 9_999_999_999);
  const kind = match[2] as keyof typeof PARAMETERS;
  const found = parameters(new URLSearchParams(match[3] ?? ''), kind);
  if (image === null || !found) return null;
  const version = found.get('v');
  if (version !== undefined && !VERSION.test(version)) return null;
  const size = whole(found.get('size'), 1, kind === 'full' ? LARGEST_FULL : LARGEST_PART);
  if (kind === 'full') {
    return size === null && found.has('size') ? null : { kind, image, size };
  }
  if (size === null) return null;
  if (kind === 'thumb') return { kind, image, size };
  const x = decimal(found.get('x'));
  const y = decimal(found.get('y'));
  const width = decimal(found.get('w'));
  const height = decimal(found.get('h'));
  if (x === null || y === null || width === null || height === null) return null;
  return width > 0 && height > 0 ? { kind, image, x, y, width, height, size } : null;
}

/**
 * The file of the interface that an `app://reticle/...` address names, as an absolute path inside `root`; null where it
 * names another host, or would leave the folder.
 */
export function parsePageAddress(address: string, root: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== `${PAGE_SCHEME}:` || url.host !== 'reticle') return null;
  let name: string;
  try {
    name = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (name.includes('\0') || name.includes('\\') || name.includes(':')) return null;
  const file = path.resolve(root, `.${name === '/' ? '/index.html' : name}`);
  const inside = path.relative(root, file);
  return inside === '' || inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)
    ? null
    : file;
}
