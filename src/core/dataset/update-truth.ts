/**
 * A newer version of a truth, or a second dataset, put into the one that is there. What the user did since it was imported
 * is known, so that it can be kept. Nothing is guessed by number: images are joined by the caller, boxes by what they are.
 */
import type { Category, ImageRecord, RecordId, Subset, Truth } from './dataset';
import type { LabelledBox } from './match-boxes';
import { isSameLabel, matchBoxes } from './match-boxes';
import type { BoxCounts, TruthDifference } from './truth-difference';
import { Tally } from './truth-difference';

export interface UpdateRules {
  /** `add`: images that are new come in, the others stay as they are. `update`: the others follow the files. */
  readonly how: 'add' | 'update';
  /** Boxes that the user drew, changed or deleted follow the files too. */
  readonly overwriteEdits: boolean;
  /** Images that the files no longer have go, with their boxes. */
  readonly removeMissing: boolean;
}

/** What the user did to labels since they came in. */
export interface LabelEdits {
  /** Ids of annotations that the user drew. */
  readonly drawn: ReadonlySet<number>;
  /** As they came in, by id: annotations that the user changed or deleted. */
  readonly before: ReadonlyMap<number, LabelledBox & { readonly image: number }>;
}

export interface UpdatedTruth {
  readonly truth: Truth;
  /** By image of it: the index in the truth that was there, or -1; and in the one that came, or -1. */
  readonly mineOf: Int32Array;
  readonly incomingOf: Int32Array;
  readonly difference: TruthDifference;
  /** Images whose ids were taken and were given anew. */
  readonly idsGiven: number;
}

interface Row extends LabelledBox {
  readonly id: number | null;
  readonly area: number;
  readonly extra: string | null;
}

function rowsByImage({ images, annotations, categories }: Truth): Row[][] {
  const rows = images.map((): Row[] => []);
  for (let row = 0; row < annotations.count; row++)
    rows[annotations.image[row]!]!.push({
      id: annotations.id[row]!,
      name: categories[annotations.category[row]!]!.name,
      box: annotations.box.slice(row * 4, row * 4 + 4) as unknown as LabelledBox['box'],
      area: annotations.area[row]!,
      flags: annotations.flags[row]!,
      extra: annotations.extra.get(row) ?? null,
    });
  return rows;
}

/** What becomes of one image's boxes. */
class ImageUpdate {
  readonly rows: Row[] = [];
  readonly counts: BoxCounts = { added: 0, changed: 0, removed: 0, same: 0, kept: 0, overwritten: 0 };
  readonly #overwrites: boolean;

  constructor(overwrites: boolean) {
    this.#overwrites = overwrites;
  }

  /** A box that the files have, or had (`base`), and what the user made of it: null where it was deleted. */
  known(base: LabelledBox, mine: Row | null, incoming: Row | null): void {
    const isEdited = mine === null || !isSameLabel(base, mine);
    if (isEdited && (incoming === null ? mine !== null : mine === null || !isSameLabel(mine, incoming))) {
      if (!this.#overwrites) {
        this.counts.kept++;
        // What the exporter keeps beside a box is the file's, whoever moved the box.
        if (mine) this.rows.push({ ...mine, extra: incoming?.extra ?? null });
        return;
      }
      this.counts.overwritten++;
    }
    if (incoming === null) {
      if (mine) this.counts.removed++;
      return;
    }
    this.rows.push({ ...incoming, id: mine?.id ?? null });
    if (mine === null) this.counts.added++;
    else if (isSameLabel(mine, incoming)) this.counts.same++;
    else this.counts.changed++;
  }

  drawn(mine: Row, incoming: Row | null): void {
    if (incoming && isSameLabel(mine, incoming)) {
      this.rows.push({ ...incoming, id: mine.id });
      this.counts.same++;
    } else if (!this.#overwrites) {
      this.rows.push({ ...mine, extra: incoming?.extra ?? null });
      this.counts.kept++;
    } else {
      this.counts.overwritten++;
      if (incoming) {
        this.rows.push({ ...incoming, id: mine.id });
        this.counts.changed++;
      } else this.counts.removed++;
    }
  }

  added(incoming: Row): void {
    this.rows.push({ ...incoming, id: null });
    this.counts.added++;
  }
}

function updateImage(
  mine: readonly Row[],
  deleted: readonly LabelledBox[],
  edits: LabelEdits,
  incoming: readonly Row[],
  overwrites: boolean,
): ImageUpdate {
  const update = new ImageUpdate(overwrites);
  const fromFiles = mine.filter(({ id }) => !edits.drawn.has(id!));
  const drawn = mine.filter(({ id }) => edits.drawn.has(id!));
  const bases: { base: LabelledBox; row: Row | null }[] = [
    ...fromFiles.map((row) => ({ base: edits.before.get(row.id!) ?? row, row })),
    ...deleted.map((base) => ({ base, row: null })),
  ];
  const partner = matchBoxes(
    bases.map(({ base }) => base),
    incoming,
  );
  bases.forEach(({ base, row }, at) => update.known(base, row, incoming[partner[at]!] ?? null));
  const used = new Set(partner);
  const rest = incoming.filter((_, index) => !used.has(index));
  const partnerOfDrawn = matchBoxes(drawn, rest);
  drawn.forEach((row, at) => update.drawn(row, rest[partnerOfDrawn[at]!] ?? null));
  const usedByDrawn = new Set(partnerOfDrawn);
  rest.forEach((row, index) => {
    if (!usedByDrawn.has(index)) update.added(row);
  });
  return update;
}

/** Classes of both by name: those that are there keep their ids. */
function uniteCategories(mine: readonly Category[], incoming: readonly Category[]): Category[] {
  const united = [...mine];
  for (const category of incoming) {
    if (united.some(({ name }) => name === category.name)) continue;
    const isTaken = united.some(({ id }) => id === category.id);
    const highest = united.reduce((most, { id }) => Math.max(most, id), 0);
    united.push({ ...category, id: isTaken ? highest + 1 : category.id });
  }
  return united.sort((a, b) => a.id - b.id);
}

/** Gives images ids that nobody has: their own where they are free. */
class ImageIds {
  readonly #taken: Set<RecordId>;
  #highest: number;
  given = 0;

  constructor(images: readonly ImageRecord[]) {
    this.#taken = new Set(images.map(({ id }) => id));
    this.#highest = images.reduce((most, { id }) => (typeof id === 'number' ? Math.max(most, id) : most), 0);
  }

  free({ id }: ImageRecord): RecordId {
    const isTaken = this.#taken.has(id);
    const own = isTaken ? this.#highest + 1 : id;
    if (isTaken) this.given++;
    this.#taken.add(own);
    if (typeof own === 'number') this.#highest = Math.max(this.#highest, own);
    return own;
  }
}

/** Subsets of what came for the images that it has, and of what was there for the others. */
function uniteSubsets(
  mine: Truth,
  incoming: Truth,
  { mineOf, incomingOf }: Pick<UpdatedTruth, 'mineOf' | 'incomingOf'>,
  follows: (image: number) => boolean,
): Subset[] {
  const names = [...new Set([...mine.subsets, ...incoming.subsets].map(({ name }) => name))];
  const within = (truth: Truth, name: string): ReadonlySet<number> =>
    new Set(truth.subsets.find((subset) => subset.name === name)?.images);
  return names.flatMap((name) => {
    const [before, after] = [within(mine, name), within(incoming, name)];
    const images = [...mineOf.keys()].filter((image) =>
      follows(image) ? after.has(incomingOf[image]!) : before.has(mineOf[image]!),
    );
    return images.length > 0 ? [{ name, images: Int32Array.from(images) }] : [];
  });
}

/** `imageOf`: for each incoming image the index of the one that is there, or -1. `lastId`: highest annotation id ever used. */
export function updateTruth(
  mine: Truth,
  incoming: Truth,
  imageOf: Int32Array,
  edits: LabelEdits,
  lastId: number,
  rules: UpdateRules,
): UpdatedTruth {
  const comes = new Int32Array(mine.images.length).fill(-1);
  imageOf.forEach((to, from) => {
    if (to >= 0) comes[to] = from;
  });
  const follows = (index: number): boolean => rules.how === 'update' && comes[index]! >= 0;
  const removes = rules.how === 'update' && rules.removeMissing;
  const stays = [...mine.images.keys()].filter((index) => comes[index]! >= 0 || !removes);
  const added = [...incoming.images.keys()].filter((index) => imageOf[index]! < 0);
  const mineOf = Int32Array.from([...stays, ...added.map(() => -1)]);
  const incomingOf = Int32Array.from([...stays.map((index) => comes[index]!), ...added]);
  const isSameFormat = mine.format === incoming.format;
  const ids = new ImageIds(mine.images);
  const [mineRows, incomingRows] = [rowsByImage(mine), rowsByImage(incoming)];
  const deleted = mine.images.map((): LabelledBox[] => []);
  const present = new Set(mine.annotations.id);
  for (const [id, base] of edits.before) if (!present.has(id)) deleted[base.image]?.push(base);
  const categories = uniteCategories(mine.categories, incoming.categories);
  const tally = new Tally(mine, incoming);
  const updates = [...mineOf.keys()].map((at) => {
    const [before, after] = [mineOf[at]!, incomingOf[at]!];
    if (before < 0) {
      const update = new ImageUpdate(false);
      for (const row of incomingRows[after]!) update.added(row);
      tally.add(before, after, update.counts);
      return update;
    }
    if (!follows(before)) {
      const update = new ImageUpdate(false);
      for (const row of mineRows[before]!) update.rows.push(row);
      update.counts.same = update.rows.length;
      tally.add(before, -1, update.counts);
      return update;
    }
    const update = updateImage(
      mineRows[before]!,
      deleted[before]!,
      edits,
      incomingRows[after]!,
      rules.overwriteEdits,
    );
    tally.add(before, after, update.counts);
    return update;
  });
  if (removes)
    for (const [index, record] of mine.images.entries())
      if (comes[index]! < 0) tally.remove(record.fileName, mineRows[index]!.length);
  tally.missing = comes.filter((from) => from < 0).length;
  const images = [...mineOf.keys()].map((at): ImageRecord => {
    const [before, after] = [mineOf[at]!, incomingOf[at]!];
    if (before < 0) return { ...incoming.images[after]!, id: ids.free(incoming.images[after]!) };
    const record = mine.images[before]!;
    if (!follows(before)) return record;
    const { fileName, width, height, extra } = incoming.images[after]!;
    return {
      ...record,
      fileName,
      width: width ?? record.width,
      height: height ?? record.height,
      extra: isSameFormat ? extra : record.extra,
    };
  });
  const whole = rules.how === 'update' && isSameFormat ? incoming : mine;
  const conventions = { ...incoming.conventions, ...mine.conventions };
  if (rules.how === 'update') Object.assign(conventions, incoming.conventions);
  return {
    truth: {
      format: mine.format,
      hasOwnIds: mine.hasOwnIds,
      images,
      categories,
      annotations: columnsOf(updates, categories, lastId),
      subsets: uniteSubsets(mine, incoming, { mineOf, incomingOf }, (at) => {
        if (mineOf[at]! < 0) return true;
        return follows(mineOf[at]!) && incoming.subsets.length > 0;
      }),
      ...(Object.keys(conventions).length > 0 ? { conventions } : {}),
      extra: whole.extra,
    },
    mineOf,
    incomingOf,
    difference: tally.difference(),
    idsGiven: ids.given,
  };
}

function columnsOf(
  updates: readonly ImageUpdate[],
  categories: readonly Category[],
  lastId: number,
): Truth['annotations'] {
  const rows = updates.flatMap((update, image) => update.rows.map((row) => ({ row, image })));
  const place = new Map(categories.map(({ name }, index) => [name, index]));
  let next = lastId;
  return {
    count: rows.length,
    id: Float64Array.from(rows, ({ row }) => row.id ?? ++next),
    image: Int32Array.from(rows, ({ image }) => image),
    category: Int32Array.from(rows, ({ row }) => place.get(row.name)!),
    box: Float64Array.from({ length: rows.length * 4 }, (_, at) => rows[at >> 2]!.row.box[at & 3]!),
    area: Float64Array.from(rows, ({ row }) => row.area),
    flags: Uint8Array.from(rows, ({ row }) => row.flags),
    extra: new Map(rows.flatMap(({ row }, at) => (row.extra === null ? [] : [[at, row.extra] as const]))),
  };
}
