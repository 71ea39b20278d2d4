/** Files read again, or a second dataset, put into a project that has labels: what would change, and what to write. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { Truth } from '../../core/dataset/dataset';
import type { TruthDifference } from '../../core/dataset/truth-difference';
import type { LabelEdits, UpdateRules } from '../../core/dataset/update-truth';
import { updateTruth } from '../../core/dataset/update-truth';
import { BadInput } from '../../core/foundation/bad-input';
import type { Finding } from '../../core/foundation/finding';
import { FindingCollector } from '../../core/foundation/finding';
import { withFieldsFor } from '../export/foreign-fields';
import type { ProbedImage, TruthImport } from './import-data';
import { labelEdits } from './label-edits';
import type { ProjectSession } from './session';
import { probesOf } from './split';

export interface PreparedUpdate {
  readonly truth: TruthImport;
  readonly difference: TruthDifference;
  /** For each incoming image its index in `truth`: -1 where it is not in it. */
  readonly placeOf: Int32Array;
  readonly findings: readonly Finding[];
}

/** What is there before: a project's labels, or the first of several sources. */
export interface UpdateBase extends Pick<TruthImport, 'truth' | 'imageRoot' | 'probes' | 'upright'> {
  readonly imageFolders: readonly string[];
  /** Keys of the project's images, by index. */
  readonly keys: readonly number[];
  readonly edits: LabelEdits;
  /** Highest annotation id ever used. */
  readonly lastId: number;
}

export const baseOfProject = (session: ProjectSession): UpdateBase => ({
  truth: session.data.asTruth(),
  imageRoot: session.imageRoot,
  imageFolders: session.sourceFolders,
  probes: probesOf(session),
  upright: session.upright,
  keys: session.data.images.map(({ key }) => key),
  edits: labelEdits(session),
  lastId: session.lastAnnotationId(),
});

const foldersOf = ({ imageFolders, imageRoot }: TruthImport): readonly string[] =>
  imageFolders ?? (imageRoot === null ? [] : [imageRoot]);

export const baseOfImport = (first: TruthImport): UpdateBase => ({
  ...first,
  imageFolders: foldersOf(first),
  keys: [],
  edits: { drawn: new Set(), before: new Map() },
  lastId: first.truth.annotations.id.reduce((most, id) => Math.max(most, id), 0),
});

/** Images by name, else by content: the same bytes under another name, where that is one image on both sides. */
function joinImages(base: UpdateBase, incoming: TruthImport): Int32Array {
  const { images } = base.truth;
  const byName = new Map(images.map(({ fileName }, index) => [fileName, index]));
  const joined = Int32Array.from(incoming.truth.images, ({ fileName }) => byName.get(fileName) ?? -1);
  const named = new Set(joined);
  const byHash = (hashes: readonly (string | null)[], isFree: (index: number) => boolean) => {
    const places = new Map<string, number | null>();
    hashes.forEach((hash, index) => {
      if (hash !== null && isFree(index)) places.set(hash, places.has(hash) ? null : index);
    });
    return places;
  };
  const mine = byHash(
    base.probes.map(({ hash }) => hash),
    (index) => !named.has(index),
  );
  const theirs = byHash(
    incoming.probes.map(({ hash }) => hash),
    (index) => joined[index]! < 0,
  );
  for (const [hash, index] of theirs) if (index !== null) joined[index] = mine.get(hash) ?? -1;
  return joined;
}

/** The nearest folder above both; null where there is none (other drives). */
function commonFolder(first: string, second: string): string | null {
  const [a, b] = [path.resolve(first), path.resolve(second)];
  if (path.parse(a).root !== path.parse(b).root) return null;
  const [left, right] = [a.split(path.sep), b.split(path.sep)];
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  return left.slice(0, at).join(path.sep) || path.parse(a).root;
}

const real = (folder: string): string => {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
};

/** Where images of both lie, as locations below one root. */
function withOneRoot(
  mine: { readonly root: string | null; readonly probes: readonly ProbedImage[] },
  incoming: { readonly root: string | null; readonly probes: readonly ProbedImage[] },
): { root: string | null; mine: ProbedImage[]; incoming: ProbedImage[]; isApart: boolean } {
  const roots = [mine.root, incoming.root].map((root) => root && real(root));
  const [left = null, right = null] = roots;
  const root = left === null || right === null ? (left ?? right) : commonFolder(left, right);
  const moved = (probes: readonly ProbedImage[], from: string | null): ProbedImage[] => {
    const below = root === null || from === null ? '' : path.relative(root, from).split(path.sep).join('/');
    if (from === null || below === '') return [...probes];
    return probes.map((probe) =>
      probe.location === null ? probe : { ...probe, location: `${below}/${probe.location}` },
    );
  };
  if (root === null && left !== null && right !== null) {
    const lost = incoming.probes.map((probe) => ({ ...probe, location: null }));
    return { root: left, mine: [...mine.probes], incoming: lost, isApart: true };
  }
  return {
    root,
    mine: moved(mine.probes, left),
    incoming: moved(incoming.probes, right),
    isApart: false,
  };
}

function refuseAmbiguous({ categories }: Truth): void {
  const names = categories.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw new BadInput(
      'names-ambiguous',
      `Several classes are called “${repeated}”, so classes cannot be told apart by name.`,
      'Rename one of them first.',
    );
}

/** Nothing is written. `incoming`: boxes in stored pixels. */
export function prepareUpdate(base: UpdateBase, incoming: TruthImport, rules: UpdateRules): PreparedUpdate {
  const mine = base.truth;
  refuseAmbiguous(mine);
  refuseAmbiguous(incoming.truth);
  const imageOf = joinImages(base, incoming);
  const theirs = withFieldsFor(incoming.truth, mine.format);
  const updated = updateTruth(mine, theirs, imageOf, base.edits, base.lastId, rules);
  const { mineOf, incomingOf } = updated;
  const rooted = withOneRoot(
    { root: base.imageRoot, probes: base.probes },
    { root: incoming.imageRoot, probes: incoming.probes },
  );
  const probes = [...mineOf.keys()].map((at): ProbedImage => {
    const [before, after] = [rooted.mine[mineOf[at]!], rooted.incoming[incomingOf[at]!]];
    if (!before) return after!;
    return after && (before.location === null || rules.how === 'update') && after.location !== null
      ? after
      : before;
  });
  const findings = new FindingCollector();
  if (updated.idsGiven > 0)
    findings.add(
      'image-ids-given',
      'warning',
      'Images have ids that the project uses for others; they were given new ones. Predictions of them have to name their files.',
      {},
      updated.idsGiven,
    );
  if (rooted.isApart)
    findings.add(
      'images-elsewhere',
      'warning',
      'Images lie on another drive than this project’s; their boxes are imported, their pixels are not shown.',
    );
  const placeOf = new Int32Array(incoming.truth.images.length).fill(-1);
  incomingOf.forEach((from, at) => {
    if (from >= 0) placeOf[from] = at;
  });
  return {
    truth: {
      truth: updated.truth,
      imageRoot: rooted.root,
      imageFolders: [...new Set([...base.imageFolders, ...foldersOf(incoming)].map(real))],
      upright: incoming.upright ?? base.upright ?? null,
      probes,
      keys: Array.from(mineOf, (index) => base.keys[index] ?? null),
      keepsEdits: !rules.overwriteEdits || rules.how === 'add',
    },
    difference: updated.difference,
    placeOf,
    findings: findings.list(),
  };
}
