/** What `reticle open` checks before a window appears, so that a wrong name is told where it was typed. */
import { BadInput } from '../../core/foundation/bad-input';
import { closeProjectFile, openProjectFile } from '../../engine/store/open';
import type { CommandContext } from '../command';
import { inFolder } from '../command';

export interface OpenOptions {
  readonly view?: string;
}

/** Names of a project's saved views; null where the project is open already, and so belongs to its window. */
function savedViews(file: string): string[] | null {
  try {
    const db = openProjectFile(file);
    try {
      return db.prepare('SELECT name FROM views ORDER BY id').pluck().all() as string[];
    } finally {
      closeProjectFile(db);
    }
  } catch (error) {
    if (error instanceof BadInput && error.code === 'project-in-use') return null;
    throw error;
  }
}

export async function open(context: CommandContext, given: string, { view }: OpenOptions): Promise<number> {
  const file = inFolder(context, given);
  const views = savedViews(file);
  if (view !== undefined && views && !views.includes(view)) {
    const names = views.length === 0 ? 'It has none.' : `It has ${views.join(', ')}.`;
    throw new BadInput('view-unknown', `The project has no saved view “${view}”.`, names, { file });
  }
  return context.openWindow([...(view === undefined ? [] : [`--view=${view}`]), file]);
}
