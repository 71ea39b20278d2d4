/**
 * What main and the engine's process say to each other over the process's own channel. Everything is plain data; the
 * only thing handed over besides is the window's message port, with `connect`.
 */
import type { CallError } from './call';
import type { Component, ImageKey, ProjectState } from './view-types';

/** Given once, before anything else. */
export interface EngineInit {
  /** Folder of the app's own data: the sample project, thumbnails. */
  readonly userData: string;
  /** Folder of what ships with the app: `sample/`. */
  readonly resources: string;
  /** Written into the history of edits. */
  readonly author: string;
  readonly version: string;
  /** Project to open before the first call is answered: the one that was open when the engine died. */
  readonly reopen: string | null;
}

/** Pixels of an image of the open project, by its key. Lengths in pixels of the stored, unrotated image. */
export type PixelRequest =
  /** The whole image, made smaller where its longer side exceeds `size`; null: as large as the engine allows. */
  | { readonly kind: 'full'; readonly image: ImageKey; readonly size: number | null }
  /** The whole image, its longer side at most `size`. */
  | { readonly kind: 'thumb'; readonly image: ImageKey; readonly size: number }
  /** A part of the image, its longer side at most `size`; the part may reach outside the image. */
  | {
      readonly kind: 'crop';
      readonly image: ImageKey;
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly size: number;
    };

/** An encoded image. */
export interface Pixels {
  /** Media type, such as `image/png`. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What main asks of the engine. */
export interface HostCalls {
  pixels: { readonly ask: PixelRequest; readonly answer: Pixels };
  'image.path': { readonly ask: { readonly image: ImageKey }; readonly answer: string };
  /** Versions of SQLite, sharp and the inference engines as the engine's process finds them. */
  components: { readonly ask: null; readonly answer: readonly Component[] };
  /** Closes the project (checkpoint), after which the process may be ended. */
  close: { readonly ask: null; readonly answer: null };
}

export type ToEngine =
  | { readonly kind: 'init'; readonly init: EngineInit }
  /** A port to a window comes with it. */
  | { readonly kind: 'connect' }
  /** A port to the process of a model, which the engine asked for. */
  | { readonly kind: 'session'; readonly id: number }
  /** That process has ended. `output`: the end of what it printed. */
  | { readonly kind: 'session-ended'; readonly id: number; readonly how: string; readonly output: string }
  | {
      [K in keyof HostCalls]: {
        readonly kind: 'ask';
        readonly id: number;
        readonly name: K;
        readonly ask: HostCalls[K]['ask'];
      };
    }[keyof HostCalls];

export type FromEngine =
  /** The engine answers; `problem`: why the project that was open could not be opened again. */
  | { readonly kind: 'ready'; readonly problem: CallError | null }
  /** The engine cannot work here at all (a missing part): starting it again would not help. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Which project is open, after every change. */
  | { readonly kind: 'project'; readonly state: ProjectState | null }
  | { readonly kind: 'fault'; readonly text: string }
  /** Asks for a process that runs a model, and for its end. Only main can start one. */
  | { readonly kind: 'start-session'; readonly id: number }
  | { readonly kind: 'end-session'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: CallError };
