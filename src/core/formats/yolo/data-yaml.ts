/** `data.yaml` of an Ultralytics dataset: names of classes, and where its splits lie. */
import { parse } from 'yaml';
import { BadInput } from '../../foundation/bad-input';
import { isRecord } from '../extra';
import { checkDepth, DEEPEST_VALUES } from '../limits';

export interface DataYaml {
  readonly names: readonly string[];
  /** Columns after the box are key points. */
  readonly hasKeyPoints: boolean;
  /** Splits by name: folders or lists of images, as they are written. */
  readonly splits: ReadonlyMap<string, readonly string[]>;
  /** JSON of all other members; null where there are none. */
  readonly extra: string | null;
}

const KNOWN = new Set(['path', 'names', 'nc']);
/** Members that Ultralytics and Roboflow have beside splits; their values can look like paths. */
const NO_SPLIT = new Set([
  'download',
  'kpt_shape',
  'flip_idx',
  'roboflow',
  'channels',
  'yaml_file',
  'colors',
]);
/** Classes beyond this are none. */
const MOST_CLASSES = 1_000_000;

function namesOf(value: unknown, file: string): string[] {
  if (Array.isArray(value)) return value.map(String);
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([number, name]) => [Number(number), String(name)] as const);
    const highest = Math.max(-1, ...entries.map(([number]) => number));
    if (entries.every(([number]) => Number.isInteger(number) && number >= 0) && highest < MOST_CLASSES) {
      const names = Array.from({ length: highest + 1 }, (_, number) => String(number));
      for (const [number, name] of entries) names[number] = name;
      return names;
    }
  }
  throw new BadInput(
    'data-yaml-invalid',
    'data.yaml has no list of names of classes.',
    'Give names as a list, or by number.',
    { file },
  );
}

function splitsOf(members: Record<string, unknown>): Map<string, string[]> {
  const splits = new Map<string, string[]>();
  for (const [name, value] of Object.entries(members)) {
    if (KNOWN.has(name) || NO_SPLIT.has(name)) continue;
    const places = (Array.isArray(value) ? value : [value]).filter(
      (place): place is string => typeof place === 'string' && /[\\/]|\.txt$|^[\w.-]+$/.test(place),
    );
    if (places.length > 0) splits.set(name, places);
  }
  return splits;
}

/** Throws `BadInput` where it is no YAML of this form. */
export function readDataYaml(text: string, file: string): DataYaml {
  let value: unknown;
  checkDepth(text.replace(/["']/g, ' '), DEEPEST_VALUES, (message) => {
    throw new BadInput('data-yaml-invalid', message, 'Check that it is the dataset’s.', { file });
  });
  try {
    value = parse(text, { maxAliasCount: 100, schema: 'core', prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error);
    throw new BadInput('data-yaml-invalid', `data.yaml is not valid YAML: ${reason}`, 'Mend the file.', {
      file,
    });
  }
  if (!isRecord(value))
    throw new BadInput('data-yaml-invalid', 'data.yaml has no members.', 'Check that it is the dataset’s.', {
      file,
    });
  const splits = splitsOf(value);
  const others = Object.entries(value).filter(([name]) => !KNOWN.has(name) && !splits.has(name));
  return {
    names: namesOf(value['names'], file),
    hasKeyPoints: value['kpt_shape'] !== undefined,
    splits,
    extra: others.length > 0 ? JSON.stringify(Object.fromEntries(others)) : null,
  };
}
