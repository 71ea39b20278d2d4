/** Everything a web page could ask for and this window never needs is denied here, for every page of the app. */
import { app } from 'electron';
import type { Session, WebContents, WebPreferences } from 'electron';
import { IMAGE_SCHEME, PAGE_SCHEME } from '../contract/channels';

/** Schemes that a page may load from; the content policy narrows them further. */
const OWN_SCHEMES = new Set([`${PAGE_SCHEME}:`, `${IMAGE_SCHEME}:`, 'blob:', 'data:', 'devtools:']);

/** Stated in full, so that no change of a default can open a window. */
export const SECURE_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const satisfies WebPreferences;

export function securePreferences(preload: string): WebPreferences {
  return { ...SECURE_PREFERENCES, preload, devTools: !app.isPackaged };
}

/** Denies permissions, devices and downloads, and cuts the network off. */
export function hardenSession(session: Session, developmentServer: string | null): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
  const development = developmentServer === null ? null : new URL(developmentServer).host;
  session.webRequest.onBeforeRequest((details, answer) => {
    const { protocol, host } = new URL(details.url);
    answer({ cancel: !OWN_SCHEMES.has(protocol) && (development === null || host !== development) });
  });
}

/** Denies navigation, new windows and embedded views to every page there will ever be. */
export function hardenEveryPage(developmentServer: string | null): void {
  app.on('web-contents-created', (_event, contents) => {
    harden(contents, developmentServer !== null);
  });
}

function harden(contents: WebContents, isDeveloping: boolean): void {
  const deny = (event: { preventDefault(): void }): void => {
    event.preventDefault();
  };
  contents.on('will-navigate', (event) => {
    // The development server reloads the page; in anything built even that is main's to do.
    if (!(isDeveloping && event.url === contents.getURL())) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!(isDeveloping && event.isMainFrame)) event.preventDefault();
  });
  contents.on('will-redirect', deny);
  contents.on('will-attach-webview', deny);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
