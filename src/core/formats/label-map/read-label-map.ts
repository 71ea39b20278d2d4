/** `label_map.pbtxt`: the text form of `StringIntLabelMap { repeated item { name, id, display_name, ... } }`. */
import { BadInput } from '../../foundation/bad-input';
import type { LabelMapEntry } from '../given-ids';
import { messagesOf, readTextMessage, scalarOf } from '../text-protobuf/read-text-message';

/** Entries in file order. Throws `BadInput` where it is not a label map. Of repeated ids the first stays. */
export function readLabelMap(text: string, file: string): LabelMapEntry[] {
  const entries: LabelMapEntry[] = [];
  const map = readTextMessage(text, { file, noun: 'label map', code: 'label-map-invalid' });
  for (const item of messagesOf(map, 'item')) {
    const id = Number(scalarOf(item, 'id') ?? NaN);
    const name = scalarOf(item, 'name') ?? scalarOf(item, 'display_name');
    if (!Number.isSafeInteger(id) || id < 0 || name === undefined) {
      throw new BadInput(
        'label-map-invalid',
        'An item of the label map has no name or no id of 0 or more.',
        'Mend the item.',
        { file, line: item.line },
      );
    }
    if (!entries.some((entry) => entry.id === id)) entries.push({ id, name });
  }
  if (entries.length === 0)
    throw new BadInput(
      'label-map-invalid',
      'The label map has no items.',
      'Check that it is a label_map.pbtxt.',
      { file },
    );
  return entries;
}
