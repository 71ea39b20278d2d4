/** The user's settings: one JSON file beside the app's other data. */
import { settingsSchema } from '../contract/app-calls';
import type { Settings } from '../contract/view-types';
import { readJson, writeJson } from './json-file';

export const DEFAULT_SETTINGS: Settings = {
  appearance: 'system',
  highContrast: false,
  density: 'comfortable',
  singleKeys: true,
  advanceAfterReview: true,
  keepZoom: false,
};

type Names = keyof Settings;
const NAMES = Object.keys(DEFAULT_SETTINGS) as Names[];

/** Only the fields that are there: what `undefined` names stays as it is. */
export function changedSettings(
  settings: Settings,
  change: { readonly [K in Names]?: Settings[K] | undefined },
): Settings {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return settingsSchema.parse({ ...settings, ...given });
}

/** Settings out of whatever the file held: good fields are kept, the others fall back and are named in `dropped`. */
export function parseSettings(found: unknown): {
  readonly settings: Settings;
  readonly dropped: readonly string[];
} {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    return { settings: DEFAULT_SETTINGS, dropped: found === undefined ? [] : ['all'] };
  }
  const values: Partial<Record<Names, unknown>> = found;
  const dropped: string[] = [];
  let settings = DEFAULT_SETTINGS;
  for (const name of NAMES) {
    if (values[name] === undefined) continue;
    const field = settingsSchema.partial().safeParse({ [name]: values[name] });
    if (field.success) settings = changedSettings(settings, field.data);
    else dropped.push(name);
  }
  return { settings, dropped };
}

export interface SettingsStore {
  get(): Settings;
  set(change: Parameters<typeof changedSettings>[1]): Settings;
}

/** Reads the file once; every change is on disk before `set` returns. */
export function openSettings(file: string, note: (text: string) => void): SettingsStore {
  const { settings, dropped } = parseSettings(readJson(file, note));
  if (dropped.length > 0) note(`Settings that could not be read were set back: ${dropped.join(', ')}.`);
  let current = settings;
  return {
    get: () => current,
    set: (change) => {
      const next = changedSettings(current, change);
      writeJson(file, next);
      current = next;
      return next;
    },
  };
}
