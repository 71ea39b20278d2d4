/** Says of which format the files of a source are, from their content; names and extensions decide nothing. */
import type { FileHead, Format, Sniffed } from './format';
import { compareBytes, folderOf } from './names';
import { FORMATS } from './registry';
import type { Source } from './source';
import { headOf } from './head';
import { IMAGE_NAME } from './source';

export interface RecognisedFiles {
  readonly kind: 'truth' | 'predictions';
  readonly format: Format;
  readonly why: string;
  /** Files of the source to read. */
  readonly paths: readonly string[];
  /** Files beside them, of the same extension, that are of no format that is known: something else, or cut off. */
  readonly passedOver: readonly string[];
}

/** Of one folder's files with one extension, only so many are looked into; the rest is taken to be alike. */
const MOST_LOOKED_INTO = 64;

export function sniffFile(head: FileHead): { format: Format; sniffed: Sniffed } | null {
  for (const format of FORMATS) {
    const sniffed = format.sniff(head);
    if (sniffed) return { format, sniffed };
  }
  return null;
}

interface Group {
  readonly format: Format;
  readonly kind: Sniffed['kind'];
  readonly why: string;
  readonly folder: string;
  readonly paths: string[];
  readonly passedOver: readonly string[];
  /** Of its files, those that are of its kind for certain. */
  certain: number;
}

/** `.json` of `a.json`, `.record` of `x.record-00001-of-00004`. */
const kindOfName = (path: string): string =>
  /\.[a-z0-9]{1,10}$/i.exec(path.replace(/-\d{5}-of-\d{5}$/, ''))?.[0].toLowerCase() ?? '';

/** Files by folder and kind, both in the order in which they come; neither images nor hidden files. */
function byPlace(paths: readonly string[]): string[][] {
  const inOrder: string[][] = [];
  const places = new Map<string, Map<string, string[]>>();
  const kinds = new Map<string, string>();
  for (const path of paths) {
    if (IMAGE_NAME.test(path) || path.startsWith('.') || path.includes('/.')) continue;
    const end = path.slice(path.lastIndexOf('.'));
    const kind = kinds.get(end) ?? kindOfName(path);
    kinds.set(end, kind);
    const folder = folderOf(path);
    const ofFolder = places.get(folder) ?? new Map<string, string[]>();
    places.set(folder, ofFolder);
    const members = ofFolder.get(kind) ?? [];
    if (members.push(path) > 1) continue;
    ofFolder.set(kind, members);
    inOrder.push(members);
  }
  return inOrder;
}

/** Files of one folder and extension that hold the same. */
async function groupsOf(source: Source): Promise<Group[]> {
  const groups: Group[] = [];
  for (const paths of byPlace(source.paths)) {
    const found = new Map<string, Group>();
    // A file without an extension says nothing of its neighbours.
    const passedOver: string[] = [];
    let last: Group | null = null;
    for (const [index, path] of paths.entries()) {
      if (index < MOST_LOOKED_INTO) {
        const hit = sniffFile(await headOf(source, path));
        if (!hit) {
          if (kindOfName(path) !== '') passedOver.push(path);
          continue;
        }
        const key = `${hit.format.name} ${hit.sniffed.kind}`;
        last = found.get(key) ?? {
          format: hit.format,
          kind: hit.sniffed.kind,
          why: hit.sniffed.why,
          folder: folderOf(path),
          paths: [],
          passedOver,
          certain: 0,
        };
        found.set(key, last);
        last.paths.push(path);
        if (!hit.sniffed.isEither) last.certain++;
      } else last?.paths.push(path);
    }
    groups.push(...ofOneKind([...found.values()]));
  }
  return groups;
}

/** Of a format with a file an image, the files of a folder are of the kind that most of those with objects are of. */
function ofOneKind(groups: readonly Group[]): Group[] {
  return groups.flatMap((group) => {
    const others = groups.filter(({ format }) => format.isFileAnImage && format === group.format);
    if (others.length < 2) return [group];
    if (others[0] !== group) return [];
    const scored = others.find(({ kind }) => kind === 'predictions')!;
    const plain = others.find(({ kind }) => kind === 'truth')!;
    const chosen = scored.certain >= plain.certain ? scored : plain;
    return [{ ...chosen, paths: [...scored.paths, ...plain.paths].sort(compareBytes) }];
  });
}

const depthOf = (path: string): number => path.split('/').length - 1;

/** Annotations that lie where VOC keeps them speak before anything beside them; then what lies higher, then the order of formats. */
const rankOf = ({ format, folder }: Group): number =>
  (format.name === 'voc' && (folder === '' || /^annotations?\/$/i.test(folder)) ? 0 : 1000) +
  depthOf(folder) * (/^(annotations?|labels?|coco)\/$/i.test(folder) ? 0.5 : 1) * 100 +
  FORMATS.indexOf(format);

/** What a source holds, the likeliest first; empty where nothing is known. */
export async function recogniseSource(source: Source): Promise<RecognisedFiles[]> {
  if (source.isSingle) {
    const [path = ''] = source.paths;
    const hit = sniffFile(await headOf(source, path));
    if (!hit) return [];
    return [
      { kind: hit.sniffed.kind, format: hit.format, why: hit.sniffed.why, paths: [path], passedOver: [] },
    ];
  }
  const surveyed: (RecognisedFiles & { rank: number })[] = [];
  for (const format of FORMATS) {
    const survey = (await format.survey?.(source)) ?? null;
    if (survey) surveyed.push({ ...survey, format, passedOver: [], rank: 500 });
  }
  const byFormat = new Map<string, Group[]>();
  for (const group of await groupsOf(source)) {
    if (surveyed.some(({ format }) => format === group.format)) continue;
    const key = `${group.format.name} ${group.kind}`;
    byFormat.set(key, [...(byFormat.get(key) ?? []), group]);
  }
  const sniffed = [...byFormat.values()].map((groups) => {
    const rank = Math.min(...groups.map(rankOf));
    const used = groups.filter((group) => isBeside(group, groups));
    const [first] = used;
    const paths = used.flatMap((group) => group.paths).sort(compareBytes);
    const place = first!.folder === '' ? (paths.length === 1 ? paths[0] : '') : first!.folder;
    return {
      kind: first!.kind,
      format: first!.format,
      why: place ? `${first!.why} in ${place}` : first!.why,
      paths,
      passedOver: [...new Set(used.flatMap(notCompanions))],
      rank,
    };
  });
  return [...surveyed, ...sniffed]
    .sort((a, b) => a.rank - b.rank)
    .map(({ kind, format, why, paths, passedOver }) => ({ kind, format, why, paths, passedOver }));
}

/** Files beside a group that its format does not read itself. */
const notCompanions = ({ format, passedOver }: Group): string[] =>
  passedOver.filter((path) => !format.companions?.test(path));

/** Whether a group belongs to the highest ones of its format: splits lie side by side, not one below another. */
function isBeside(group: Group, groups: readonly Group[]): boolean {
  // Labels that lie as their images do, in folders below too.
  if (group.format.isFileAnImage) return true;
  const least = Math.min(...groups.map(({ folder }) => depthOf(folder)));
  const isVocRoot = groups.some(
    ({ format, folder }) => format.name === 'voc' && /^annotations?\/$/i.test(folder),
  );
  if (isVocRoot && group.format.name === 'voc') return /^annotations?\/$/i.test(group.folder);
  return depthOf(group.folder) === least;
}
