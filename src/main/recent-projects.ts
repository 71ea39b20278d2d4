/** Projects opened before, newest first. */
import path from 'node:path';
import { z } from 'zod';
import type { ProjectState, RecentProject } from '../contract/view-types';
import { readJson, writeJson } from './json-file';

const KEPT = 12;

const entry = z.object({
  path: z.string().min(1).max(4096),
  name: z.string().max(300),
  openedAt: z.string().max(40),
  detail: z.string().max(300),
});

/** What the list says about a project: `120 images, 2 runs`. */
export function describeProject(state: Pick<ProjectState, 'images' | 'runs'>): string {
  const counted = (count: number, word: string): string =>
    `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
  return `${counted(state.images, 'image')}, ${counted(state.runs.length, 'run')}`;
}

/** The project at the head of the list, once. */
export function withProject(list: readonly RecentProject[], project: RecentProject): RecentProject[] {
  return [project, ...list.filter((known) => known.path !== project.path)].slice(0, KEPT);
}

export interface RecentProjects {
  list(): RecentProject[];
  opened(state: ProjectState, at: Date): void;
  /** What is known of an open project changed; its place does not. */
  changed(state: ProjectState): void;
  forget(project: string): RecentProject[];
}

/** Reads the list once; entries that are not entries are dropped. A list that cannot be written only costs a note. */
export function openRecentProjects(file: string, note: (text: string) => void): RecentProjects {
  const found = readJson(file, note);
  let list: RecentProject[] = (Array.isArray(found) ? (found as unknown[]) : []).flatMap((item) => {
    const parsed = entry.safeParse(item);
    return parsed.success && path.isAbsolute(parsed.data.path) ? [parsed.data] : [];
  });
  const keep = (next: RecentProject[]): void => {
    list = next;
    try {
      writeJson(file, list);
    } catch (error) {
      note(`The list of recent projects could not be saved: ${String(error)}`);
    }
  };
  return {
    list: () => [...list],
    opened: (state, at) => {
      const project = { path: state.path, name: state.name, detail: describeProject(state) };
      keep(withProject(list, { ...project, openedAt: at.toISOString() }));
    },
    changed: (state) => {
      const detail = describeProject(state);
      const known = list.find((project) => project.path === state.path);
      if (known && known.detail !== detail)
        keep(list.map((project) => (project === known ? { ...known, detail } : project)));
    },
    forget: (project) => {
      keep(list.filter((known) => known.path !== project));
      return [...list];
    },
  };
}
