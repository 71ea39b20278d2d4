/** Sentences of the core and the engine name options of the command line; in the window they name what is there instead. */

/** Options that are fields of the window, by what stands beside them. */
const FIELDS: Readonly<Record<string, string>> = {
  decoder: '“Decoder”',
  'class-base': '“First class is number”',
  background: '“Background”',
  'input-size': '“Input size”',
  resize: '“Resize”',
  normalise: '“Normalise”',
  channels: '“Channels”',
  backend: '“Engine and device”',
  subset: '“Split”',
  'label-map': 'a label map',
  images: '“Where are the images?”',
};
const OPTION = '--[a-z][a-z-]*[a-z]';
/** Options in brackets only say how to do on the command line what the sentence says. */
const IN_BRACKETS = new RegExp(` \\(${OPTION}(?:,? (?:and |or )?${OPTION})*\\)`, 'g');

/** `--class-base 1 corrects it` becomes `“First class is number” 1 corrects it`. */
export function withoutFlags(text: string): string {
  return text
    .replace(IN_BRACKETS, '')
    .replace(new RegExp(OPTION, 'g'), (option) => FIELDS[option.slice(2)] ?? option);
}
