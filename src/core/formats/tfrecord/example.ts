/**
 * `tf.train.Example { Features features = 1 }`, `Features { map<string, Feature> feature = 1 }`,
 * `Feature { oneof { BytesList = 1; FloatList = 2; Int64List = 3 } }`, each list `repeated value = 1`, packed or not.
 */
import { decodeUtf8, decodeWindows1252 } from '../text';
import { WireReader, WireWriter, packFloats } from './protobuf';

export type Feature =
  | { readonly kind: 'bytes'; readonly values: readonly Uint8Array[] }
  | { readonly kind: 'float'; readonly values: readonly number[] }
  | { readonly kind: 'int64'; readonly values: readonly number[] };

export type Example = ReadonlyMap<string, Feature>;

/** Values of one feature beyond this are none of an annotation. */
const MOST_VALUES = 10_000_000;

const textOf = (bytes: Uint8Array): string => decodeUtf8(bytes) ?? decodeWindows1252(bytes);

/** Throws `WireFault` where the bytes are no Example. Values are views into the bytes: copy what is kept. */
export function readExample(bytes: Uint8Array): Example {
  const example = new Map<string, Feature>();
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field !== 1 || !reader.isBytes) reader.skip();
    else readFeatures(reader.within(), example);
  }
  return example;
}

function readFeatures(reader: WireReader, into: Map<string, Feature>): void {
  while (reader.next()) {
    if (reader.field !== 1 || !reader.isBytes) {
      reader.skip();
      continue;
    }
    const entry = reader.within();
    let key = '';
    let feature: Feature | null = null;
    while (entry.next()) {
      if (entry.field === 1 && entry.isBytes) key = textOf(entry.within().rest);
      else if (entry.field === 2 && entry.isBytes) feature = readFeature(entry.within());
      else entry.skip();
    }
    if (feature) into.set(key, feature);
  }
}

function readFeature(reader: WireReader): Feature | null {
  let feature: Feature | null = null;
  while (reader.next()) {
    if (!reader.isBytes || reader.field > 3) reader.skip();
    else if (reader.field === 1) feature = { kind: 'bytes', values: readBytesList(reader.within()) };
    else if (reader.field === 2) feature = { kind: 'float', values: readNumbers(reader.within(), 'float') };
    else feature = { kind: 'int64', values: readNumbers(reader.within(), 'int64') };
  }
  return feature;
}

function readBytesList(reader: WireReader): Uint8Array[] {
  const values: Uint8Array[] = [];
  while (reader.next()) {
    if (reader.field === 1 && reader.isBytes) values.push(reader.within().rest);
    else reader.skip();
  }
  return values;
}

function readNumbers(reader: WireReader, kind: 'float' | 'int64'): number[] {
  const values: number[] = [];
  const isPlain = (): boolean => (kind === 'float' ? reader.isFixed32 : reader.isVarint);
  while (reader.next() && values.length < MOST_VALUES) {
    if (reader.field !== 1) reader.skip();
    else if (reader.isBytes) {
      const packed = reader.within();
      while (packed.position < packed.end) values.push(kind === 'float' ? packed.float() : packed.int64());
    } else if (isPlain()) values.push(kind === 'float' ? reader.float() : reader.int64());
    else reader.skip();
  }
  return values;
}

export const texts = (example: Example, key: string): string[] => {
  const feature = example.get(key);
  return feature?.kind === 'bytes' ? feature.values.map(textOf) : [];
};
export const text = (example: Example, key: string): string | null => texts(example, key)[0] ?? null;

/** Numbers of either kind: writers differ in which they take. */
export const numbers = (example: Example, key: string): readonly number[] => {
  const feature = example.get(key);
  return feature && feature.kind !== 'bytes' ? feature.values : [];
};

export function writeExample(example: Example): Uint8Array {
  const features = new WireWriter();
  // By name, so that the same dataset is the same bytes.
  for (const [key, feature] of [...example].sort(([a], [b]) => (a < b ? -1 : 1)))
    features.bytesField(1, new WireWriter().bytesField(1, key).bytesField(2, writeFeature(feature)).finish());
  return new WireWriter().bytesField(1, features.finish()).finish();
}

function writeFeature(feature: Feature): Uint8Array {
  const list = new WireWriter();
  if (feature.kind === 'bytes') {
    for (const value of feature.values) list.bytesField(1, value);
    return new WireWriter().bytesField(1, list.finish()).finish();
  }
  if (feature.kind === 'float')
    return new WireWriter().bytesField(2, list.bytesField(1, packFloats(feature.values)).finish()).finish();
  const packed = new WireWriter();
  for (const value of feature.values) packed.varint(value);
  return new WireWriter().bytesField(3, list.bytesField(1, packed.finish()).finish()).finish();
}
