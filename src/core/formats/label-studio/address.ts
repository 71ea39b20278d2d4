/** What Label Studio calls an image: an address of its own, of which only the file's name counts. */
import { baseName, normaliseFileName } from '../names';

/** Addresses are never fetched; only the name of the file in them counts. */
export function nameOfAddress(address: string): string {
  const local = /[?&]d=([^&]+)/.exec(address)?.[1];
  const path = (local ?? address.replace(/[?#].*$/, '')).replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, '');
  let name = path;
  try {
    name = decodeURIComponent(path);
  } catch {
    // Not encoded: the name holds a percent sign.
  }
  const normal = normaliseFileName(name).replace(/^\/+/, '');
  if (local !== undefined) return normal;
  // An upload is called by eight hexadecimal digits and its own name.
  if (/^(?:.*\/)?data\/upload\//.test(normal) || /\/upload\//.test(normal))
    return baseName(normal).replace(/^[0-9a-f]{8}-/, '');
  return address === path ? normal : baseName(normal);
}

/** Whether it is an address of a file that Label Studio holds itself. */
export const isLocalAddress = (name: string): boolean =>
  /^\/?data\/(?:local-files\/\?d=|upload\/)/.test(name);
