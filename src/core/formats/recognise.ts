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
}

/** `.json` of `a.json`, `.record` of `x.record-00001-of-00004`. */
const kindOfName = (path: string): string =>
  /\.[a-z0-9]{1,10}$/i.exec(path.replace(/-\d{5}-of-\d{5}$/, ''))?.[0].toLowerCase() ?? '';

/** Files of one folder and extension that hold the same. */
async function groupsOf(source: Source): Promise<Group[]> {
  const byPlace = new Map<string, string[]>();
  for (const path of source.paths) {
    if (IMAGE_NAME.test(path) || /(?:^|\/)\./.test(path)) continue;
    const key = `${folderOf(path)}\u0000${kindOfName(path)}`;
    const members = byPlace.get(key) ?? [];
    members.push(path);
    byPlace.set(key, members);
  }
  const groups: Group[] = [];
  for (const paths of byPlace.values()) {
    const found = new Map<string, Group>();
    let last: Group | null = null;
    for (const [index, path] of paths.entries()) {
      if (index < MOST_LOOKED_INTO) {
        const hit = sniffFile(await headOf(source, path));
        if (!hit) continue;
        const key = `${hit.format.name} ${hit.sniffed.kind}`;
        last = found.get(key) ?? {
          format: hit.format,
          kind: hit.sniffed.kind,
          why: hit.sniffed.why,
          folder: folderOf(path),
          paths: [],
        };
        found.set(key, last);
        last.paths.push(path);
      } else last?.paths.push(path);
    }
    groups.push(...found.values());
  }
  return groups;
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
    return hit ? [{ kind: hit.sniffed.kind, format: hit.format, why: hit.sniffed.why, paths: [path] }] : [];
  }
  const surveyed: (RecognisedFiles & { rank: number })[] = [];
  for (const format of FORMATS) {
    const survey = (await format.survey?.(source)) ?? null;
    if (survey) surveyed.push({ kind: survey.kind, format, why: survey.why, paths: survey.paths, rank: 500 });
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
      rank,
    };
  });
  return [...surveyed, ...sniffed]
    .sort((a, b) => a.rank - b.rank)
    .map(({ kind, format, why, paths }) => ({ kind, format, why, paths }));
}

/** Whether a group belongs to the highest ones of its format: splits lie side by side, not one below another. */
function isBeside(group: Group, groups: readonly Group[]): boolean {
  const least = Math.min(...groups.map(({ folder }) => depthOf(folder)));
  const isVocRoot = groups.some(
    ({ format, folder }) => format.name === 'voc' && /^annotations?\/$/i.test(folder),
  );
  if (isVocRoot && group.format.name === 'voc') return /^annotations?\/$/i.test(group.folder);
  return depthOf(group.folder) === least;
}
