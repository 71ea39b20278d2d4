/** What is known here and not read: to say what a file is instead of that it is nothing. */
import type { FileHead } from './format';

/** Archives and compressions by their first bytes. */
const PACKED: readonly (readonly [start: readonly number[], name: string])[] = [
  [[0x37, 0x7a, 0xbc, 0xaf], '7z'],
  [[0x52, 0x61, 0x72, 0x21], 'RAR'],
  [[0xfd, 0x37, 0x7a, 0x58], 'xz'],
  [[0x42, 0x5a, 0x68], 'bzip2'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'Zstandard'],
];

const linesOf = ({ text, isWhole }: FileHead): string[] => {
  const lines = text.split(/\r\n|\n|\r/);
  return (isWhole ? lines : lines.slice(0, -1)).map((line) => line.trim()).filter((line) => line !== '');
};
const all = (lines: readonly string[], pattern: RegExp): boolean =>
  lines.length > 0 && lines.every((line) => pattern.test(line));

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e[-+]?\d+)?`;
const repeated = (count: string, separator: string): string => `${NUMBER}(?:${separator}${NUMBER}){${count}}`;

const DOTA = new RegExp(String.raw`^${repeated('7', ' +')} +[A-Za-z][\w-]*(?: +\d)?$`, 'i');
const KITTI_TRACKING = new RegExp(String.raw`^\d+ -?\d+ [A-Za-z]\w* ${repeated('13,14', ' +')}$`, 'i');
const VISDRONE = new RegExp(`^${repeated('7', ',')},?$`, 'i');
const MOT = new RegExp(`^${repeated('8,9', ',')}$`, 'i');
const YOLO_KERAS = /^\S.*\.(?:jpe?g|png|bmp)(?: \d+,\d+,\d+,\d+,\d+)*$/i;

interface Unread {
  readonly name: string;
  readonly fits: (head: FileHead, lines: readonly string[]) => boolean;
}

const UNREAD: readonly Unread[] = [
  {
    name: 'XML with a DOCTYPE, which is refused',
    fits: ({ text }) => /^[^<]*(?:<\?[^>]*>\s*)*<!DOCTYPE\b/i.test(text),
  },
  {
    name: 'dlib’s imglab XML (a dataset of images with box elements)',
    fits: ({ text }) => /<dataset>[\s\S]*<image\s+file=/.test(text),
  },
  { name: 'BDD100K’s JSON (box2d)', fits: ({ text }) => /"box2d"\s*:/.test(text) },
  {
    name: 'SageMaker Ground Truth’s manifest (source-ref)',
    fits: ({ text }) => /"source-ref"\s*:/.test(text),
  },
  {
    name: 'PaliGemma’s JSON lines (boxes as <loc> tokens)',
    fits: ({ text }) => /"suffix"\s*:\s*"[^"]*<loc\d/.test(text),
  },
  {
    name: 'JSON lines of a conversation (messages)',
    fits: ({ text }) => /^\s*\{\s*"messages"\s*:/.test(text),
  },
  {
    name: 'DOTA’s oriented boxes (four corners, a class, a difficulty)',
    fits: ({ text }, lines) =>
      /^imagesource:/i.test(text) ||
      all(
        lines.filter((line) => !/^(?:imagesource|gsd):/i.test(line)),
        DOTA,
      ),
  },
  {
    name: 'KITTI’s tracking labels (a frame and a track before each object)',
    fits: (_, lines) => all(lines, KITTI_TRACKING),
  },
  { name: 'MOT’s tracks (frame, track, box)', fits: (_, lines) => all(lines, MOT) },
  {
    name: 'VisDrone’s text (a box, a score and a class number a line)',
    fits: (_, lines) => all(lines, VISDRONE),
  },
  {
    name: 'WIDER FACE’s list (an image, a count, boxes)',
    fits: (_, [image = '', count = '', box = '']) =>
      /\.jpg$/i.test(image) && /^\d+$/.test(count) && /^\d+(?: \d+){9}$/.test(box),
  },
  {
    name: 'YOLO Keras’ list (an image and its boxes a line)',
    fits: (_, lines) => all(lines, YOLO_KERAS) && lines.some((line) => /\d,\d+,\d+,\d+,\d+$/.test(line)),
  },
  {
    name: 'AutoML Vision’s CSV (a set, an address, a label, shares)',
    fits: (_, lines) => all(lines, /^(?:TRAIN|TRAINING|VALIDATION|TEST|UNASSIGNED)?,?gs:\/\//),
  },
];

/** What a file is that is known here and not read; null where it is nothing that is known. */
export function unreadKind(head: FileHead): string | null {
  const packed = PACKED.find(([start]) => start.every((byte, at) => head.bytes[at] === byte));
  if (packed) return `compressed as ${packed[1]} (zip, tar and gzip are read)`;
  const lines = linesOf(head);
  return UNREAD.find(({ fits }) => fits(head, lines))?.name ?? null;
}
