/**
 * The size of an image from its first bytes, turned as its EXIF orientation says: as viewers and most annotation tools
 * show it. PNG, JPEG, GIF, BMP, WebP and TIFF.
 */
import type { ImageSize } from './format';

/** Whether the bytes at this place are these letters. */
function says(bytes: Uint8Array, from: number, letters: string): boolean {
  for (let at = 0; at < letters.length; at++) if (bytes[from + at] !== letters.charCodeAt(at)) return false;
  return true;
}

const SOI = 0xffd8;
const SOS = 0xda;
const APP1 = 0xe1;
const ORIENTATION = 0x0112;

/** Null where it is no image that is known here; `beyond` where the bytes end before the size. */
export function imageSize(bytes: Uint8Array): ImageSize | null | 'beyond' {
  if (bytes.length < 12) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0) === SOI) return jpegSize(view);
  if (view.getUint32(0) === 0x89504e47)
    return bytes.length < 24 ? null : usable(view.getUint32(16), view.getUint32(20));
  if (says(bytes, 0, 'GIF')) return usable(view.getUint16(6, true), view.getUint16(8, true));
  if (says(bytes, 0, 'BM') && bytes.length >= 26)
    return usable(Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true)));
  if (says(bytes, 0, 'RIFF') && says(bytes, 8, 'WEBP')) return webpSize(bytes, view);
  return says(bytes, 0, 'II') || says(bytes, 0, 'MM') ? tiffSize(view) : null;
}

const usable = (width: number, height: number): ImageSize | null =>
  width > 0 && height > 0 ? { width, height } : null;

const turned = (size: ImageSize | null, orientation: number): ImageSize | null =>
  size && orientation >= 5 && orientation <= 8 ? { width: size.height, height: size.width } : size;

function jpegSize(view: DataView): ImageSize | null | 'beyond' {
  let at = 2;
  let orientation = 1;
  while (at + 4 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (at + 9 > view.byteLength) return 'beyond';
      return turned(usable(view.getUint16(at + 7), view.getUint16(at + 5)), orientation);
    }
    if (marker === SOS) return null;
    if (marker === APP1 && at + 18 <= view.byteLength && view.getUint32(at + 4) === 0x45786966) {
      const end = Math.min(view.byteLength, at + 2 + length);
      orientation =
        tags(new DataView(view.buffer, view.byteOffset + at + 10, end - at - 10)).get(ORIENTATION) ??
        orientation;
    }
    if (length < 2) return null;
    at += 2 + length;
  }
  return 'beyond';
}

/** Short and long values of the first directory of a TIFF structure. */
function tags(view: DataView): Map<number, number> {
  const found = new Map<number, number>();
  if (view.byteLength < 8) return found;
  const isLittle = view.getUint16(0) === 0x4949;
  const start = view.getUint32(4, isLittle);
  if (start + 2 > view.byteLength) return found;
  const count = Math.min(view.getUint16(start, isLittle), 512);
  for (let entry = 0; entry < count; entry++) {
    const at = start + 2 + entry * 12;
    if (at + 12 > view.byteLength) break;
    const type = view.getUint16(at + 2, isLittle);
    if (type === 3) found.set(view.getUint16(at, isLittle), view.getUint16(at + 8, isLittle));
    if (type === 4) found.set(view.getUint16(at, isLittle), view.getUint32(at + 8, isLittle));
  }
  return found;
}

function tiffSize(view: DataView): ImageSize | null | 'beyond' {
  const found = tags(view);
  const [width, height] = [found.get(256), found.get(257)];
  if (width === undefined || height === undefined) return 'beyond';
  return turned(usable(width, height), found.get(ORIENTATION) ?? 1);
}

function webpSize(bytes: Uint8Array, view: DataView): ImageSize | null {
  if (bytes.length < 30) return null;
  if (says(bytes, 12, 'VP8X')) {
    const part = (at: number): number => 1 + view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
    return usable(part(24), part(27));
  }
  if (says(bytes, 12, 'VP8 '))
    return usable(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  if (!says(bytes, 12, 'VP8L')) return null;
  const bits = view.getUint32(21, true);
  return usable((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}
