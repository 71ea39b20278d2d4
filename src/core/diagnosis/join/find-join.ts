/** How images of the predictions that found none in the truth may be meant. */
import { baseName, normaliseFileName, stemOf } from '../../formats/names';
import type { FoundCause } from '../cause';
import { fixedAttempts } from '../geometry/attempts';
import type { Attempt } from '../geometry/overlap-screen';
import { OverlapScreen } from '../geometry/overlap-screen';
import type { Situation } from '../situation';
import { applyRepair } from '../apply-repair';

type Keys = (name: string) => readonly string[];

interface JoinRule {
  readonly rule: 'case' | 'extension' | 'path' | 'stem' | 'digits';
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

const nameOf = ({ fileName, id }: Situation['predictions']['images'][number]): string =>
  fileName ?? String(id);

export function findJoin(situation: Situation): FoundCause | null {
  return byName(situation) ?? byNumber(situation);
}

/** By named image: the truth's image, or -1. */
function joinedImages({ predictions }: Situation): Int32Array {
  const joined = new Int32Array(predictions.images.length).fill(-1);
  for (let row = 0; row < predictions.count; row++)
    joined[predictions.namedImage[row]!] = predictions.image[row]!;
  return joined;
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
  return cause(situation, joined, pairs, best.rule.rule, {
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

function cause(
  { truth, predictions }: Situation,
  joined: Int32Array,
  pairs: readonly (readonly [named: number, image: number])[],
  rule: JoinRule['rule'],
  words: { readonly title: string; readonly example: object },
): FoundCause {
  const map = Object.fromEntries(
    pairs.map(([named, image]) => [nameOf(predictions.images[named]!), truth.images[image]!.fileName]),
  );
  return {
    code: 'images-not-joined',
    title: words.title,
    evidence: {
      joined: new Set([...joined].filter((image) => image >= 0)).size,
      total: truth.images.length,
      rule,
      example: words.example,
    },
    images: pairs.map(([, image]) => image),
    action: 'Name the images alike in the predictions and in the ground truth',
    repair: { kind: 'join-images', rule, map },
  };
}

/** Ids join by chance: numbering from 0 for 1, or places in a list for ids. Overlap tells. */
const LEAST_GAIN = 0.15;
/** Predictions that agree this well with their images are of them. */
const GOOD_OVERLAP = 0.6;

function byNumber(situation: Situation): FoundCause | null {
  const { truth, predictions } = situation;
  const { images } = predictions;
  if (images.length < 2 || !images.every(({ id, fileName }) => typeof id === 'number' && fileName === null))
    return null;
  const joined = joinedImages(situation);
  const before = meanOverlap(situation);
  if (before > GOOD_OVERLAP) return null;
  const byName = [...truth.images.keys()].sort((a, b) =>
    truth.images[a]!.fileName < truth.images[b]!.fileName ? -1 : 1,
  );
  const indexOfId = new Map(truth.images.map(({ id }, index) => [id, index]));
  const numberings: readonly { words: string; indexOf: (id: number) => number | undefined }[] = [
    { words: 'numbered one less than the ground truth’s ids', indexOf: (id) => indexOfId.get(id + 1) },
    { words: 'numbered one more than the ground truth’s ids', indexOf: (id) => indexOfId.get(id - 1) },
    {
      words: 'numbered from 0 in the order of the list',
      indexOf: (id) => (id < truth.images.length ? id : undefined),
    },
    { words: 'numbered from 1 in the order of the list', indexOf: (id) => (id > 0 ? id - 1 : undefined) },
    { words: 'numbered from 0 in the order of names', indexOf: (id) => byName[id] },
    { words: 'numbered from 1 in the order of names', indexOf: (id) => byName[id - 1] },
  ];
  let best: { overlap: number; cause: FoundCause } | null = null;
  for (const { words, indexOf } of numberings) {
    const pairs = images.flatMap(({ id }, named) => {
      const image = indexOf(Number(id));
      return image !== undefined && image >= 0 && image < truth.images.length
        ? [[named, image] as const]
        : [];
    });
    if (pairs.length < images.length * 0.9 || pairs.every(([named, image]) => joined[named] === image))
      continue;
    const found = cause(situation, joined, pairs, 'digits', {
      title: `Images are not joined to their predictions: they are ${words}`,
      example: { predictions: images[pairs[0]![0]]!.id, truth: truth.images[pairs[0]![1]]!.fileName },
    });
    const overlap = meanOverlap(applyRepair(situation, found.repair!));
    if (overlap > before + LEAST_GAIN && (!best || overlap > best.overlap + 0.01))
      best = { overlap, cause: found };
  }
  return best?.cause ?? null;
}

/** The best that predictions and truth agree under any change of coordinates: another fault may hide the right joining. */
function meanOverlap(situation: Situation): number {
  const screen = new OverlapScreen(situation, { images: 30, objects: 10 });
  if (screen.images.length === 0) return 0;
  const attempts = [NO_CHANGE, ...fixedAttempts(situation).filter(({ other }) => !other)];
  return attempts.reduce((best, attempt) => {
    const { iou } = screen.measure(attempt);
    return Math.max(best, iou.reduce((sum, value) => sum + value, 0) / iou.length);
  }, 0);
}

const NO_CHANGE: Attempt = { side: 'predictions', changes: [] };
