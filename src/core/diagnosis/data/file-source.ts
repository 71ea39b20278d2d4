/**
 * Where an image comes from, as far as its name tells: folder, the word that its name starts with, and the kind of
 * file. Words that only say which set the image is in, and folders that only say that they hold images, tell nothing.
 */
import { baseName, extensionOf, folderOf, stemOf } from '../../formats/names';

const SET_WORD = /^(train|training|val|valid|validation|test|testing|eval|evaluation|dev)\d*$/i;
const PLAIN_FOLDER = /^(images?|imgs?|jpegimages|data|dataset|photos?|pictures?)\d*$/i;
/** Fewer letters are as likely a number in another notation. */
const SHORTEST_WORD = 3;

export interface FileSource {
  /** Folders above the image that tell something, with `/`; may be empty. */
  readonly folder: string;
  /** What the name starts with; may be empty. */
  readonly word: string;
  /** Lower case, with the dot; may be empty. */
  readonly extension: string;
  /** The name says which set the image is in. */
  readonly isNamedBySet: boolean;
}

export function fileSource(fileName: string): FileSource {
  const folders = folderOf(fileName).split('/').filter(Boolean);
  const own = folders.filter((name) => !SET_WORD.test(name) && !PLAIN_FOLDER.test(name));
  const extension = extensionOf(fileName).toLowerCase();
  return {
    folder: own.join('/'),
    word: firstWord(stemOf(baseName(fileName))),
    extension: extension === '.jpeg' ? '.jpg' : extension,
    isNamedBySet: wordsOf(stemOf(baseName(fileName))).some((word) => SET_WORD.test(word)),
  };
}

const wordsOf = (stem: string): string[] => stem.split(/[^\p{L}]+/u).filter(Boolean);

/** A name that is one word altogether is the image's own. */
function firstWord(stem: string): string {
  const [first = ''] = wordsOf(stem).filter((word) => !SET_WORD.test(word));
  return first.length < SHORTEST_WORD || first === stem ? '' : first;
}

/** For people: `north/Shot….jpg`. */
export function sourceName({ folder, word, extension }: FileSource): string {
  return `${folder === '' ? '' : `${folder}/`}${word}…${extension}`;
}
