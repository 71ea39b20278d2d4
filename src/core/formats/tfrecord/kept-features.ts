/**
 * Features that no reader here knows, as JSON and back: those of an image, and under `image/object/` those with as many
 * values for each object, which go with their objects.
 */
import { isRecord } from '../extra';
import { listOf } from '../json/read-json';
import { decodeUtf8, encodeUtf8 } from '../text';
import type { Example, Feature } from './example';
import { KEPT_LISTS, KEYS } from './keys';

/** Features that say what the image's bytes say themselves. */
const OF_IMAGE = ['image/channels', 'image/colorspace'];
const KNOWN = new Set<string>([...Object.values(KEYS), ...KEPT_LISTS, ...OF_IMAGE]);
const OF_OBJECTS = 'image/object/';
/** Longer values are pictures of their own, and stay where they are. */
export const LONGEST_KEPT = 65536;

/** The member of kept ones under which features stand. */
export const FEATURES = 'features';

type Value = Feature['values'][number];
type Kept = Readonly<Record<string, unknown>>;

/** A value as JSON has it: text where the bytes are some, and where a number has no form of its own there. */
function toJson(value: Value): unknown {
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : numberText(value);
  const text = decodeUtf8(value);
  if (text !== null && encodeUtf8(text).length === value.length) return text;
  return { bytes: Array.from(value, (byte) => String.fromCharCode(byte)).join('') };
}

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

function fromJson(value: unknown, kind: Feature['kind']): Value {
  if (kind !== 'bytes') return Number(value);
  if (isRecord(value) && typeof value['bytes'] === 'string')
    return Uint8Array.from(value['bytes'], (unit) => unit.charCodeAt(0));
  return encodeUtf8(typeof value === 'string' ? value : '');
}

/** `[kind, value, ...]`. */
const written = (kind: Feature['kind'], values: readonly Value[]): unknown[] => [kind, ...values.map(toJson)];

function featureOf(entry: unknown): Feature | null {
  const [kind, ...values] = listOf(entry);
  if (kind !== 'bytes' && kind !== 'float' && kind !== 'int64') return null;
  return { kind, values: values.map((value) => fromJson(value, kind)) } as Feature;
}

export interface KeptFeatures {
  /** Null where there are none. */
  readonly image: Kept | null;
  /** One an object. */
  readonly objects: readonly Kept[];
  /** Names of features that are too long to be kept. */
  readonly tooLong: readonly string[];
}

/** `count`: of objects. */
export function keptFeatures(example: Example, count: number): KeptFeatures {
  const image: [string, unknown][] = [];
  const objects = Array.from({ length: count }, (): [string, unknown][] => []);
  const tooLong: string[] = [];
  for (const [name, { kind, values }] of example) {
    if (KNOWN.has(name) || values.length === 0) continue;
    if (kind === 'bytes' && values.some(({ length }) => length > LONGEST_KEPT)) {
      tooLong.push(name);
      continue;
    }
    const each = values.length / count;
    if (name.startsWith(OF_OBJECTS) && count > 0 && Number.isInteger(each))
      objects.forEach((object, at) =>
        object.push([name, written(kind, values.slice(at * each, at * each + each))]),
      );
    else image.push([name, written(kind, values)]);
  }
  return {
    image: image.length > 0 ? Object.fromEntries(image) : null,
    objects: objects.map((members) => Object.fromEntries(members)),
    tooLong,
  };
}

const membersOf = (extra: Kept): [string, unknown][] =>
  isRecord(extra[FEATURES]) ? Object.entries(extra[FEATURES]) : [];

/** Kept features of an image and its objects, in the order in which they are written. */
export function featuresOf(image: Kept, objects: readonly Kept[]): [string, Feature][] {
  const found = membersOf(image).flatMap(([name, entry]): [string, Feature][] => {
    const feature = featureOf(entry);
    return feature ? [[name, feature]] : [];
  });
  const own = objects.map((object) => new Map(membersOf(object)));
  for (const name of new Set(own.flatMap((members) => [...members.keys()]))) {
    const features = own.map((members) => featureOf(members.get(name)));
    const first = features.find((feature) => feature !== null);
    if (!first) continue;
    const { kind, values } = first;
    // An object that is new has nothing to say.
    const nothing = values.map(() => fromJson('', kind));
    const all = features.flatMap((feature): readonly Value[] =>
      feature?.kind === kind && feature.values.length === values.length ? feature.values : nothing,
    );
    found.push([name, { kind, values: all } as Feature]);
  }
  return found;
}
