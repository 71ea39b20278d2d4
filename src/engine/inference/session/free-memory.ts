/** Memory of images, given back without the garbage collector. */

/** Node 20 lacks `transfer`; there the collector takes care of it. */
type Detachable = ArrayBufferLike & { readonly transfer?: (length: number) => ArrayBuffer };

/**
 * Gives back at once what a view fills; it must not be read again. Images that wait for the collector have it run after
 * every 64 MB, in every thread, which takes half as long as decoding them.
 */
export function freeMemory({ buffer, byteLength }: ArrayBufferView): void {
  if (buffer.byteLength === byteLength) (buffer as Detachable).transfer?.(0);
}
