/** Pixels for the canvas. */
import { useEffect, useState } from 'react';
import { DecodedImages } from './decoded-images';

export type DecodedImage =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly image: HTMLImageElement }
  | { readonly status: 'failed' };

const LOADING: DecodedImage = { status: 'loading' };
const images = new DecodedImages();

/** The decoded picture at `url`; null loads nothing. The answer always belongs to the present `url`. */
export function useDecodedImage(url: string | null): DecodedImage {
  const [loaded, setLoaded] = useState<{ readonly url: string; readonly result: DecodedImage } | null>(null);
  useEffect(() => {
    if (url === null) return undefined;
    let isWanted = true;
    images.load(url).then(
      (image) => isWanted && setLoaded({ url, result: { status: 'ready', image } }),
      () => isWanted && setLoaded({ url, result: { status: 'failed' } }),
    );
    return () => {
      isWanted = false;
    };
  }, [url]);
  return loaded?.url === url ? loaded.result : LOADING;
}

/** Has the pictures at `urls` ready before they are asked for, once the open one is there. */
export function usePrefetch(urls: readonly string[], isReady: boolean): void {
  const key = urls.join('\n');
  useEffect(() => {
    if (!isReady || key === '') return;
    // A picture that cannot be decoded says so when it is opened.
    for (const url of key.split('\n')) images.load(url).catch(() => undefined);
  }, [key, isReady]);
}
