/** What the window asks of the main process (dialogs, settings, the system), over validated ipc. */
import { EXPORT_FORMATS } from './export-formats';
import { z } from 'zod';
import type { Component, RecentProject, Settings } from './view-types';
import type { CallReply } from './call';
import { call } from './call';

const path = z.string().min(1).max(4096);
const key = z.int().nonnegative();

export const settingsSchema = z.object({
  appearance: z.enum(['system', 'light', 'dark']),
  highContrast: z.boolean(),
  density: z.enum(['comfortable', 'compact']),
  singleKeys: z.boolean(),
  advanceAfterReview: z.boolean(),
  keepZoom: z.boolean(),
});

export const appCalls = {
  'app.info': call<{ version: string; components: Component[]; isPackaged: boolean; logs: string }>()(
    z.object({}),
  ),
  /** Asked once by a new window: the project to open and the saved view to show of it, or that this is the first run and the sample is to be shown. */
  'app.startup': call<{ open: string | null; view: string | null; openSample: boolean }>()(z.object({})),
  'app.quit': call<null>()(z.object({})),
  /** Starts the engine again after `engine.failed`; a port follows. */
  'engine.retry': call<null>()(z.object({})),
  'settings.get': call<Settings>()(z.object({})),
  'settings.set': call<Settings>()(settingsSchema.partial()),
  'recent.list': call<RecentProject[]>()(z.object({})),
  'recent.forget': call<RecentProject[]>()(z.object({ path })),
  /** Chosen paths; empty where the dialog was cancelled. */
  'dialog.open': call<string[]>()(
    z.object({ kind: z.enum(['folder', 'files', 'project', 'model', 'modelFolder', 'labelMap', 'archive']) }),
  ),
  'dialog.save': call<string | null>()(
    z.object({
      kind: z.enum(['project', 'failures', 'overlays', 'report-html', 'report-pdf', ...EXPORT_FORMATS]),
      suggestedName: z.string().max(255),
    }),
  ),
  /** Writes a report that the engine made, whole or not at all: as it is, or printed. */
  'report.write': call<null>()(
    z.object({ path, as: z.enum(['html', 'pdf']), html: z.string().max(100_000_000) }),
  ),
  /** Shows an image's file in its folder, or puts its path on the clipboard: by id, the path never passes the window. */
  'image.reveal': call<null>()(z.object({ image: key })),
  'image.copyPath': call<null>()(z.object({ image: key })),
  'clipboard.write': call<null>()(z.object({ text: z.string().max(10_000_000) })),
  'file.reveal': call<null>()(z.object({ path })),
  /** What the window can do now: the menu greys out the rest. */
  'menu.update': call<null>()(z.object({ enabled: z.array(z.string().max(64)).max(500) })),
  'window.toggleFullScreen': call<null>()(z.object({})),
  'window.setTitle': call<null>()(z.object({ title: z.string().max(300), path: path.nullable() })),
} as const;

export type AppCalls = typeof appCalls;

/** Events main sends to the window. */
export interface AppEvents {
  /** A menu entry was chosen. */
  'action.chosen': { action: string };
  'settings.changed': Settings;
  /** The engine ended unexpectedly and runs again (a new port follows), or could not be started. */
  'engine.restarted': { reason: string; lostWork: string };
  'engine.failed': { reason: string };
  /** A file given to the app (command line, second instance, file manager). */
  'files.opened': { paths: string[]; view: string | null };
  'theme.changed': { dark: boolean };
  /** The page itself had crashed and was loaded again. */
  'window.recovered': { reason: string };
}

/** What the preload script puts on `window.reticle`. */
export interface ReticleBridge {
  call(name: string, args: unknown): Promise<CallReply>;
  on<K extends keyof AppEvents>(name: K, listener: (data: AppEvents[K]) => void): () => void;
  /** Asks main for a fresh engine port; it arrives as a `message` event on window with `data === 'engine-port'`. */
  connectEngine(): void;
  /** Real path of a dropped file (the window itself cannot see it). */
  pathOfFile(file: File): string;
  readonly platform: string;
}
