/** Shorthand for tests: values and texts through the readers, in pieces of any size. */
import type { RawPredictions } from './read-results';
import { CocoResultsReader } from './read-results';
import { CocoTruthReader } from './read-truth';
import type { TruthReading, ReadOptions } from '../reading';
import { encodeUtf8 } from '../text';

type Source = string | Uint8Array | object;
type Options = Partial<ReadOptions> & { readonly piece?: number };

const bytesOf = (source: Source): Uint8Array => {
  if (source instanceof Uint8Array) return source;
  return encodeUtf8(typeof source === 'string' ? source : JSON.stringify(source));
};

function feed(reader: { push(chunk: Uint8Array): void }, bytes: Uint8Array, piece = bytes.length): void {
  for (let from = 0; from < bytes.length; from += piece) reader.push(bytes.slice(from, from + piece));
}

export function results(source: Source, { piece, ...options }: Options = {}): RawPredictions {
  const reader = new CocoResultsReader({ file: 'results.json', ...options });
  feed(reader, bytesOf(source), piece);
  return reader.end();
}

export function truthOf(source: Source, { piece, ...options }: Options = {}): TruthReading {
  const reader = new CocoTruthReader({ file: 'truth.json', ...options });
  feed(reader, bytesOf(source), piece);
  return reader.end();
}

/** A small dataset; members given replace its own. */
export const dataset = (members: object = {}): object => ({
  images: [
    { id: 1, file_name: 'a.jpg', width: 100, height: 50 },
    { id: 2, file_name: 'b.jpg', width: 100, height: 50 },
  ],
  annotations: [annotation()],
  categories: [
    { id: 1, name: 'cat' },
    { id: 2, name: 'dog' },
  ],
  ...members,
});

export const annotation = (members: object = {}): object => ({
  id: 1,
  image_id: 1,
  category_id: 1,
  bbox: [10, 10, 20, 20],
  area: 400,
  iscrowd: 0,
  ...members,
});

export const codes = (reading: { readonly findings: readonly { readonly code: string }[] }): string[] =>
  reading.findings.map(({ code }) => code);
