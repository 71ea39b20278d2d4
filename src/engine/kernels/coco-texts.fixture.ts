/** Seeded COCO files as text, in spellings that writers of JSON use. */

export interface CocoTexts {
  readonly truth: string;
  readonly predictions: string;
}

export interface Spelling {
  readonly images: number;
  readonly classes: number;
  readonly predictions: number;
  /** Spaces of indentation; 0: none, 1: Python's one space after commas and colons. */
  readonly indent: 0 | 1 | 2;
  /** Records in no order, members too. */
  readonly isShuffled: boolean;
  /** Members that nobody reads, with braces, commas and quotes within text. */
  readonly hasExtras: boolean;
  /** Scores with two decimals tie; so do boxes in whole pixels. */
  readonly isCoarse: boolean;
  readonly hugeIds: boolean;
  /** Boxes without area or outside, areas missing, ids repeated: kept, and remarked on. */
  readonly hasOddities: boolean;
  readonly named: boolean;
}

export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Members = Record<string, unknown>;

export function cocoTexts(seed: number, spelling: Spelling): CocoTexts {
  const random = randomOf(seed);
  const whole = (below: number) => Math.floor(random() * below);
  const { images, classes, predictions, isCoarse, hugeIds, hasOddities, named } = spelling;
  const imageId = (image: number) => (hugeIds ? 900_719_925_474 + image * 7919 : image * 37 + 139);
  const classId = (klass: number) => (hugeIds ? 4_000_000_000 + klass * 13 : klass + 1);
  const length = (value: number) => (isCoarse ? Math.round(value) : value);
  const name = (image: number) => `folder/${String(image).padStart(6, '0')}.jpg`;
  const box = () => [
    length(random() * 90),
    length(random() * 90),
    length(1 + random() * 120),
    length(1 + random() * 120),
  ];
  const near = (of: readonly number[]) =>
    of.map((value) => Math.max(0, length(value + (random() - 0.5) * 14)));
  const extras = (): Members => ({
    note: 'a },{ "b": [1,2 \\ } \u00e9 "quoted"',
    nested: { deep: [[1, -2.5e-3], { a: null, b: true }], '},{': [] },
    segmentation: [[1.5, 2, 3, 4.25]],
  });
  const more = (): Members => (spelling.hasExtras ? extras() : {});
  const annotations = Array.from({ length: images * 5 }, (_, index): Members => {
    const bbox = box();
    const isOdd = hasOddities && random() < 0.1;
    return {
      id: isOdd ? whole(3) : index + 1,
      image_id: imageId(whole(images)),
      category_id: classId(whole(classes)),
      bbox: isOdd ? [bbox[0], bbox[1], 0, bbox[3]] : bbox,
      ...(isOdd ? {} : { area: isCoarse && random() < 0.2 ? 1024 : bbox[2]! * bbox[3]! * 0.8 }),
      ...(isOdd && random() < 0.5 ? {} : { iscrowd: random() < 0.1 ? 1 : 0 }),
      ...more(),
    };
  });
  const results = Array.from({ length: predictions }, (): Members => {
    const like = random() < 0.7 ? annotations[whole(annotations.length)]! : null;
    const image = like ? (like['image_id'] as number) : imageId(whole(images));
    const index = hugeIds ? (image - 900_719_925_474) / 7919 : (image - 139) / 37;
    return {
      image_id: image,
      ...(named ? { file_name: name(index) } : {}),
      category_id: like && random() < 0.9 ? like['category_id'] : classId(whole(classes)),
      bbox: hasOddities && random() < 0.02 ? [1, 2, 0, 3] : like ? near(like['bbox'] as number[]) : box(),
      score: isCoarse ? whole(100) / 100 : random() < 0.3 ? Math.fround(random()) : random() - 0.1,
      ...more(),
    };
  });
  const order = <T>(list: T[]): T[] => (spelling.isShuffled ? shuffled(list, random) : list);
  const member = (record: Members) => Object.fromEntries(order(Object.entries(record)));
  const write = (value: unknown): string =>
    spelling.indent === 1 ? pythonic(value) : JSON.stringify(value, null, spelling.indent);
  return {
    truth: write({
      info: { description: '[},{]' },
      images: order(
        Array.from({ length: images }, (_, image) =>
          member({ id: imageId(image), file_name: name(image), width: 200, height: image % 9 ? 180 : null }),
        ),
      ),
      annotations: order(annotations).map(member),
      categories: order(
        Array.from({ length: classes }, (_, klass) => member({ id: classId(klass), name: `class ${klass}` })),
      ),
    }),
    predictions: write(order(results).map(member)),
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const left = [...list];
  for (let at = left.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [left[at], left[other]] = [left[other]!, left[at]!];
  }
  return left;
}

/** As Python's json.dumps: a space after commas and colons outside text, and text in ASCII. */
function pythonic(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonic).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, member]) => `${ascii(key)}: ${pythonic(member)}`)
      .join(', ')}}`;
  return typeof value === 'string' ? ascii(value) : JSON.stringify(value);
}

const ascii = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
