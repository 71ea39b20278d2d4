/** How images of the predictions that found none in the truth may be meant. */
import { baseName, normaliseFileName, stemOf } from '../../formats/names';
import type { FoundCause } from '../cause';
import type { Situation } from '../situation';
import { findNumbering } from './find-numbering';
import type { JoinRuleName } from './join-cause';
import { joinCause, joinedImages, nameOf } from './join-cause';

type Keys = (name: string) => readonly string[];

interface JoinRule {
  readonly rule: JoinRuleName;
  readonly words: string;
  /** Keys of a name, the most telling first; two images join where they share one that is unique on both sides. */
  readonly keys: Keys;
}

const withoutExtensions = (name: string): string =>
  baseName(name).replace(/(?:\.(?:jpe?g|png|bmp|gif|tiff?|webp|json|txt|xml|npy)|\.rf\.[0-9a-f]+)+$/i, '');

const parts = (name: string): string[] => normaliseFileName(name).split('/');

/** In the order in which a simpler explanation comes first. */
const RULES: readonly JoinRule[] = [
  {
    rule: 'case',
    words: 'differ in case',
    keys: (name) =>
      [`path ${name}`, `name ${baseName(name)}`, `stem ${stemOf(name)}`].map((one) => one.toLowerCase()),
  },
  {
    rule: 'extension',
    words: 'have other extensions',
    keys: (name) => [withoutExtensions(name), withoutExtensions(name).toLowerCase()],
  },
  {
    rule: 'path',
    words: 'are in other folders',
    keys: (name) => {
      const all = parts(name);
      const tails = all.map((_, from) => all.slice(from).join('/').toLowerCase());
      return [...tails, ...tails.map((tail) => tail.replaceAll('/', '_')), all.join('').toLowerCase()];
    },
  },
  {
    rule: 'stem',
    words: 'are written otherwise',
    keys: (name) => {
      const plain = withoutExtensions(name).toLowerCase();
      return [
        plain.replace(/[^a-z0-9]+/g, ''),
        plain.replace(
          /[-_.](?:pred|prediction|result|det|detection|leftimg8bit|mask|label|gt|rgb|image)s?$/,
          '',
        ),
        plain.replace(/^(?:train|val|valid|test|image|img|pred)[-_]/, ''),
      ];
    },
  },
  {
    rule: 'digits',
    words: 'agree in their numbers only',
    keys: (name) => {
      const groups = withoutExtensions(name).match(/\d+/g) ?? [];
      const numbers = groups.map(Number).map(String);
      return numbers.length === 0 ? [] : [`all ${numbers.join('.')}`, `last ${numbers.at(-1)!}`];
    },
  },
];

export function findJoin(situation: Situation): FoundCause | null {
  return findNumbering(situation) ?? byName(situation);
}

function byName(situation: Situation): FoundCause | null {
  const { truth, predictions } = situation;
  const joined = joinedImages(situation);
  const taken = new Set(joined);
  const wanting = [...joined.keys()].filter((named) => joined[named]! < 0);
  if (wanting.length === 0) return null;
  const free = [...truth.images.keys()].filter((image) => !taken.has(image));
  let best: { rule: JoinRule; map: Map<number, number> } | null = null;
  for (const rule of RULES) {
    const map = matchKeys(
      wanting.map((named) => rule.keys(normaliseFileName(nameOf(predictions.images[named]!)))),
      free.map((image) => rule.keys(truth.images[image]!.fileName)),
    );
    if (map.size > (best ? best.map.size * 1.05 : 0)) best = { rule, map };
  }
  if (!best) return null;
  const pairs = [...best.map].map(([from, to]) => [wanting[from]!, free[to]!] as const);
  const [named, image] = pairs[0]!;
  return joinCause(situation, joined, pairs, best.rule.rule, {
    title: `${pairs.length} images are not joined to their predictions: names ${best.rule.words}`,
    example: { predictions: nameOf(predictions.images[named]!), truth: truth.images[image]!.fileName },
  });
}

/** Pairs of places whose keys agree; a key counts where it is unique on both sides, and an earlier kind before a later. */
function matchKeys(
  left: readonly (readonly string[])[],
  right: readonly (readonly string[])[],
): Map<number, number> {
  const pairs = new Map<number, number>();
  const used = new Set<number>();
  const kinds = Math.max(0, ...left.map((keys) => keys.length));
  for (let kind = 0; kind < kinds; kind++) {
    const ofRight = uniquePlaces(right.map((keys, at) => (used.has(at) ? [] : [...new Set(keys)])));
    const ofLeft = uniquePlaces(left.map((keys, at) => (pairs.has(at) ? [] : keys.slice(kind, kind + 1))));
    for (const [key, from] of ofLeft) {
      const to = ofRight.get(key);
      if (to === undefined || key === '' || used.has(to)) continue;
      pairs.set(from, to);
      used.add(to);
    }
  }
  return pairs;
}

function uniquePlaces(keys: readonly (readonly string[])[]): Map<string, number> {
  const places = new Map<string, number>();
  const repeated = new Set<string>();
  keys.forEach((own, at) => {
    for (const key of own) {
      if (places.has(key) && places.get(key) !== at) repeated.add(key);
      places.set(key, at);
    }
  });
  for (const key of repeated) places.delete(key);
  return places;
}
