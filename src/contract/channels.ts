/** Names shared by main and the preload script. */
export const CHANNELS = {
  /** Window to main: a call of `app-calls.ts`, answered. */
  call: 'app-call',
  /** Main to window: an event of `AppEvents`. */
  event: 'app-event',
  /** Window to main: asks for an engine port. */
  connectEngine: 'engine-connect',
  /** Main to window: the port. */
  enginePort: 'engine-port',
} as const;

export const PAGE_SCHEME = 'app';
export const IMAGE_SCHEME = 'app-image';
/** The window's only origin. */
export const PAGE_ORIGIN = 'app://reticle';
