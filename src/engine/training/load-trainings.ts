/** Finds the trainings below a folder: event files, histories and configurations, read as they are and never written. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import { isEventFile, readEventFile } from '../../core/formats/event-file/read-event-file';
import type { ScalarEvent } from '../../core/formats/event-file/read-event-file';
import { decodeText } from '../../core/formats/text';
import { assembleRun, configuredRun, curvesOfEvents } from '../../core/training/assemble-run';
import type { Side } from '../../core/training/curve-names';
import { placeOf } from '../../core/training/event-folders';
import type { PipelineConfig } from '../../core/training/pipeline-config';
import { isPipelineConfig, readPipelineConfig } from '../../core/training/pipeline-config';
import { readHistory } from '../../core/training/read-history';
import type { TrainingRun } from '../../core/training/training-run';
import { readWhole, unreadable } from '../import/files';

export interface LoadedTrainings {
  /** By name. */
  readonly runs: readonly TrainingRun[];
  readonly findings: readonly Finding[];
}

/** Folders below folders: links are not followed, so no circle is walked. */
const DEEPEST = 8;
const MOST_FILES = 20_000;
const LARGEST_EVENT_FILE = 4 * 2 ** 30;
const LARGEST_TEXT = 64 * 2 ** 20;

/** A file of one training, by what it is. */
interface LogFile {
  /** Below the folder that was given, with `/`. */
  readonly relative: string;
  readonly kind: 'events' | 'history' | 'config';
}

/** Throws `BadInput` where nothing below `folder` is a log, a history or a configuration of a training. */
export async function loadTrainings(folder: string, progress: Progress): Promise<LoadedTrainings> {
  const findings: Finding[] = [];
  const files = await listLogs(folder);
  const configs = await readConfigs(folder, files);
  const events = await readEvents(folder, files, findings, progress);
  const runs = [...events].map(([run, sides]) =>
    assembleRun(
      [...sides].flatMap(([side, scalars]) => curvesOfEvents(scalars, side)),
      { name: nameOf(folder, run), source: 'event-files', unit: 'step', config: nearest(configs, run) },
    ),
  );
  const known = new Set(events.keys());
  for (const { relative, kind } of files) {
    const run = placeOf(relative).run;
    if (kind !== 'history' || known.has(run)) continue;
    const text = await readText(path.join(folder, relative));
    const history = readHistory(text, nameOf(folder, run, relative), nearest(configs, run));
    if (!history) continue;
    runs.push(history);
    known.add(run);
  }
  for (const [run, config] of configs)
    if (![...known].some((other) => nearest(configs, other) === config))
      runs.push({ ...configuredRun(config), name: nameOf(folder, run) });
  if (runs.length === 0)
    throw new BadInput(
      'no-training-found',
      'No event file, history or pipeline.config of a training lies in this folder.',
      'Choose the folder that the training wrote its logs to.',
      { file: folder },
    );
  return { runs: runs.sort((a, b) => (a.name < b.name ? -1 : 1)), findings };
}

/** One configuration alone. */
export async function loadPipelineConfig(file: string): Promise<PipelineConfig> {
  return readPipelineConfig(await readText(file), file);
}

async function listLogs(root: string): Promise<LogFile[]> {
  const files: LogFile[] = [];
  let seen = 0;
  const walk = async (relative: string, depth: number): Promise<void> => {
    if (depth > DEEPEST) return;
    const entries = await readdir(path.join(root, relative), { withFileTypes: true }).catch(
      (error: unknown) => {
        throw unreadable(error, path.join(root, relative));
      },
    );
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (++seen > MOST_FILES) return;
      if (entry.isDirectory()) await walk(inner, depth + 1);
      else if (entry.isFile()) {
        const kind = await kindOf(path.join(root, inner), entry.name);
        if (kind) files.push({ relative: inner, kind });
      }
    }
  };
  if ((await stat(root).catch(() => null))?.isFile()) {
    const kind = await kindOf(root, path.basename(root));
    return kind ? [{ relative: '', kind }] : [];
  }
  await walk('', 0);
  return files;
}

async function kindOf(file: string, name: string): Promise<LogFile['kind'] | null> {
  if (/tfevents/.test(name)) return 'events';
  const { size } = await stat(file);
  if (size > LARGEST_TEXT) return null;
  if (/\.config$|pipeline.*\.(pbtxt|txt)$/.test(name))
    return isPipelineConfig(await readText(file)) ? 'config' : null;
  return /(results|history|log|metrics|training).*\.(csv|json)$/i.test(name) ? 'history' : null;
}

async function readText(file: string): Promise<string> {
  return decodeText(await readWhole(file)).text;
}

async function readConfigs(root: string, files: readonly LogFile[]): Promise<Map<string, PipelineConfig>> {
  const configs = new Map<string, PipelineConfig>();
  for (const { relative, kind } of files) {
    if (kind !== 'config') continue;
    const file = path.join(root, relative);
    const { run } = placeOf(relative);
    if (!configs.has(run)) configs.set(run, await loadPipelineConfig(file));
  }
  return configs;
}

async function readEvents(
  root: string,
  files: readonly LogFile[],
  findings: Finding[],
  progress: Progress,
): Promise<Map<string, Map<Side | null, ScalarEvent[]>>> {
  const runs = new Map<string, Map<Side | null, ScalarEvent[]>>();
  const logs = files.filter(({ kind }) => kind === 'events');
  for (const [at, { relative }] of logs.entries()) {
    progress.check();
    progress.report('event files', at, logs.length);
    const file = path.join(root, relative);
    const { size } = await stat(file);
    if (size > LARGEST_EVENT_FILE)
      throw new BadInput('file-too-large', 'The event file is larger than 4 GB.', 'Choose another folder.', {
        file,
      });
    const bytes = await readWhole(file);
    // TensorBoard's own plug-ins write empty files beside the others.
    if (bytes.length === 0 || !isEventFile(bytes)) continue;
    const { scalars, findings: remarks } = readEventFile(bytes, file);
    findings.push(...remarks);
    const { run, side } = placeOf(relative);
    const sides = runs.get(run) ?? new Map<Side | null, ScalarEvent[]>();
    sides.set(side, [...(sides.get(side) ?? []), ...scalars]);
    runs.set(run, sides);
  }
  return runs;
}

/** The configuration in the run's own folder, else in the nearest folder above it. */
function nearest(configs: ReadonlyMap<string, PipelineConfig>, run: string): PipelineConfig | null {
  const folders = run === '' ? [] : run.split('/');
  for (let count = folders.length; count >= 0; count--) {
    const config = configs.get(folders.slice(0, count).join('/'));
    if (config) return config;
  }
  return null;
}

function nameOf(root: string, run: string, relative = ''): string {
  return run || path.basename(path.resolve(root, relative)) || root;
}
