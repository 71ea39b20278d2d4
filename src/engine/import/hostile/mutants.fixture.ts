/** Mutants of the seed corpus: which one a number stands for. */
import type { Files } from './check.fixture';
import { mutateOnce, random } from './mutate.fixture';
import type { Seed } from './seed.fixture';

/** Changes to one mutant at most: most have one, so that what follows from it can be told. */
const MOST_CHANGES = 4;

export interface Mutant {
  readonly seed: Seed;
  readonly files: Files;
}

/** The mutant of that number: another file of another form for each, changed in one to four places. */
export function mutantOf(corpus: readonly Seed[], run: number, number: number): Mutant {
  const next = random(run * 1_000_003 + number);
  next();
  const seed = corpus[number % corpus.length]!;
  const other = corpus[Math.floor(next() * corpus.length)]!;
  const paths = Object.keys(seed.files);
  const path = paths[Math.floor(next() * paths.length)]!;
  const changes = next() < 0.7 ? 1 : 1 + Math.floor(next() * MOST_CHANGES);
  let content = seed.files[path]!;
  for (let change = 0; change < changes; change++)
    content = mutateOnce(content, next, Object.values(other.files)[0]!);
  return { seed, files: { ...seed.files, [path]: content } };
}

/**
 * Whether boxes are gone without a word: some were in the files, none is read, no error and no finding. A mutant of which
 * nothing is left is another matter: a label file of no bytes is an image without objects in some formats.
 */
export function isSilentLoss(
  { seed, files }: Mutant,
  { boxes, codes }: { readonly boxes: number | null; readonly codes: readonly string[] },
): boolean {
  const isEmpty = Object.values(files).every(
    (content) => Buffer.from(content).toString('latin1').trim() === '',
  );
  return boxes === 0 && codes.length === 0 && seed.boxes > 0 && !isEmpty;
}
