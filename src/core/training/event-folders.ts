/** Which run and which side an event file belongs to, by the folders it lies in. */
import type { Side } from './curve-names';

const TRAINING = /^(train|training)$/i;
const EVALUATION = /^(eval|evaluation|val|valid|validation|test)([_-].*|\d*)$/i;
/** Folders that only say that logs lie in them. */
const CONTAINER = /^(logs?|events?|tensorboard|tb|summaries)$/i;

export interface EventFilePlace {
  /** Folder of the run, with `/`; empty for the one that was given. */
  readonly run: string;
  /** Null: it lies in the run's folder itself, where TensorFlow 1 puts its training events. */
  readonly side: Side | null;
}

/** `relative`: path of the file below the folder that was given, with `/`. */
export function placeOf(relative: string): EventFilePlace {
  const folders = relative.split('/').slice(0, -1);
  const last = folders.at(-1) ?? '';
  const side = TRAINING.test(last) ? 'training' : EVALUATION.test(last) ? 'evaluation' : null;
  if (side !== null) folders.pop();
  while (folders.length > 0 && CONTAINER.test(folders.at(-1)!)) folders.pop();
  return { run: folders.join('/'), side };
}
