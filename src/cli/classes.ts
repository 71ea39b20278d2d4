/** Classes on the command line: a map of names from a file, an order with commas. */
import { readFile } from 'node:fs/promises';
import type { ClassMap } from '../core/dataset/map-classes';
import { BadInput } from '../core/foundation/bad-input';
import { isRecord } from '../core/formats/extra';
import { decodeText } from '../core/formats/text';
import { unreadable } from '../engine/import/files';
import type { CommandContext } from './command';
import { inFolder } from './command';

/** `{"old name": "new name", "left out": null}`. Throws `BadInput` where the file is not that. */
export async function readClassMap(context: CommandContext, given: string | undefined): Promise<ClassMap> {
  if (given === undefined) return {};
  const file = inFolder(context, given);
  const bytes = await readFile(file).catch((error: unknown) => {
    throw unreadable(error, file);
  });
  const map = parseObject(decodeText(bytes).text);
  if (map) return map;
  throw new BadInput(
    'class-map-invalid',
    'The map of classes is not a JSON object of names.',
    'Write it as {"old name": "new name", "left out": null}.',
    { file },
  );
}

function parseObject(text: string): ClassMap | null {
  try {
    const value: unknown = JSON.parse(text);
    const isMap =
      isRecord(value) &&
      Object.values(value).every((name) => name === null || (typeof name === 'string' && name.trim() !== ''));
    return isMap ? (value as ClassMap) : null;
  } catch {
    return null;
  }
}

export const parseClassOrder = (text: string | undefined): string[] =>
  (text ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
