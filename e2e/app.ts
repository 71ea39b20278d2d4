/** Starts the built app in a real Electron for a test, and gives the test what it needs to look at it. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { _electron, test as base, expect } from '@playwright/test';
import type { AppCalls, AppEvents, ReticleBridge } from '../src/contract/app-calls';
import type { ArgumentsOf, CallReply, ResultOf } from '../src/contract/call';
import type { EngineCalls } from '../src/contract/engine-calls';

export const ROOT = path.resolve(import.meta.dirname, '..');
export const ARTEFACTS = path.join(ROOT, 'artefacts');
/** Root has no sandbox: Chromium refuses it. One test starts the app as somebody else to see it. */
export const IS_ROOT = process.getuid?.() === 0;

export interface LaunchOptions {
  /** A project (or any file or folder) given on the command line. */
  readonly project?: string;
  /** The app's own data, to start again with what a start before left; made afresh where not given. */
  readonly userData?: string;
  /** true: as on the very first run, which opens the sample. Otherwise the app believes that it has run before. */
  readonly firstRun?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly colorScheme?: 'light' | 'dark' | 'no-preference';
  /** Outer size of the window. */
  readonly size?: { readonly width: number; readonly height: number };
  /** More switches. */
  readonly args?: readonly string[];
}

export interface RunningApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  /** Saves `artefacts/<name>.png` and returns its path. */
  readonly screenshot: (name: string) => Promise<string>;
  /** Process id of the engine that runs now. */
  readonly engineProcessId: () => Promise<number>;
  /** Asks the engine over a port of the test's own. */
  readonly engine: <K extends keyof EngineCalls>(
    name: K,
    args: ArgumentsOf<EngineCalls[K]>,
  ) => Promise<ResultOf<EngineCalls[K]>>;
  /** The same with nothing checked, and the reply as it comes. */
  readonly engineReply: (name: string, args: unknown) => Promise<CallReply>;
  /** Calls main as the page does. */
  readonly call: <K extends keyof AppCalls>(
    name: K,
    args: ArgumentsOf<AppCalls[K]>,
  ) => Promise<ResultOf<AppCalls[K]>>;
  readonly callReply: (name: string, args: unknown) => Promise<CallReply>;
  /** Ends the app in order, as its menu does. */
  readonly close: () => Promise<void>;
}

/** The Electron to test with: the one the bootstrap chose, else the installed package's. */
export function electronExecutable(): string {
  const chosen = process.env['RETICLE_ELECTRON'];
  if (chosen) return chosen;
  return createRequire(import.meta.url)('electron') as string;
}

/** The folder of the built app, with its `package.json`: this checkout, or the one named in RETICLE_TEST_APP. */
export function builtApp(): string {
  const folder = process.env['RETICLE_TEST_APP'] ?? ROOT;
  if (!existsSync(path.join(folder, 'out/main/index.js')))
    throw new Error('Build the app first: npm run build');
  return folder;
}

function prepareUserData({ userData, firstRun, size }: LaunchOptions): string {
  const folder = userData ?? mkdtempSync(path.join(tmpdir(), 'reticle-test-'));
  mkdirSync(folder, { recursive: true });
  const state = path.join(folder, 'state.json');
  if (!firstRun && !existsSync(state)) writeFileSync(state, JSON.stringify({ hasRunBefore: true }));
  if (size) {
    const bounds = { x: 0, y: 0, ...size };
    writeFileSync(path.join(folder, 'window.json'), JSON.stringify({ bounds, isMaximized: false }));
  }
  return folder;
}

/** The environment without what npm adds: the app must not depend on it. */
function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name === 'INIT_CWD' || name.startsWith('npm_') ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), ...more };
}

/** Switches that every start in a test has. */
export function testSwitches(userData: string): string[] {
  return ['--force-device-scale-factor=1', `--user-data-dir=${userData}`];
}

function valueOf(name: string, reply: CallReply): unknown {
  if (reply.ok) return reply.value;
  throw Object.assign(new Error(`${name}: ${reply.error.code}: ${reply.error.message}`), {
    reply: reply.error,
  });
}

interface TestWindow {
  reticle: ReticleBridge;
  testEvents?: NamedEvent[];
  testEngine?: Promise<(name: string, args: unknown) => Promise<CallReply>>;
}

/** Runs in the page: asks over a port of the test's own, which the page's own client never sees. */
async function askInPage([name, args]: readonly [string, unknown]): Promise<CallReply> {
  const own = window as unknown as TestWindow;
  own.testEngine ??= new Promise((resolve) => {
    const take = (event: MessageEvent): void => {
      if (event.data !== 'engine-port') return;
      event.stopImmediatePropagation();
      window.removeEventListener('message', take, true);
      const [port] = event.ports;
      const waiting = new Map<number, (reply: CallReply) => void>();
      let last = 0;
      port!.onmessage = ({ data }: MessageEvent<{ kind: string; id: number; reply: CallReply }>) => {
        if (data.kind === 'reply') waiting.get(data.id)?.(data.reply);
      };
      resolve(
        (asked, given) =>
          new Promise((settle) => {
            last += 1;
            waiting.set(last, settle);
            port!.postMessage({ id: last, name: asked, args: given });
          }),
      );
    };
    window.addEventListener('message', take, true);
    own.reticle.connectEngine();
  });
  return (await own.testEngine)(name, args);
}

/** Makes the next `engine` call take a new port: the engine behind the old one has ended. */
export async function forgetTestPort(page: Page): Promise<void> {
  await page.evaluate(() => {
    delete (window as unknown as TestWindow).testEngine;
  });
}

type NamedEvent = {
  [K in keyof AppEvents]: { readonly name: K; readonly data: AppEvents[K] };
}[keyof AppEvents];

/** Keeps every event that main sends to the page from now on. `seen` reads those of one name, oldest first. */
export async function recordEvents(
  page: Page,
  ...names: (keyof AppEvents)[]
): Promise<{ seen: <K extends keyof AppEvents>(name: K) => Promise<AppEvents[K][]> }> {
  await page.evaluate((wanted) => {
    const own = window as unknown as TestWindow;
    const events: NamedEvent[] = [];
    own.testEvents = events;
    for (const name of wanted) own.reticle.on(name, (data) => events.push({ name, data } as NamedEvent));
  }, names);
  return {
    seen: async (name) => {
      const events = await page.evaluate(() => (window as unknown as TestWindow).testEvents ?? []);
      return events.flatMap((event) => (event.name === name ? [event.data as AppEvents[typeof name]] : []));
    },
  };
}

async function engineProcessId(app: ElectronApplication): Promise<number> {
  const id = await app.evaluate(
    ({ app: electron }) => electron.getAppMetrics().find(({ name }) => name === 'Reticle engine')?.pid,
  );
  if (id === undefined) throw new Error('No engine runs.');
  return id;
}

/** Starts the app and waits for its window. */
export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  const userData = prepareUserData(options);
  const given = options.project === undefined ? [] : [options.project];
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    // Without this Playwright itself switches the sandbox off on Linux, and no test would ever see it.
    chromiumSandbox: !IS_ROOT,
    args: [...testSwitches(userData), ...(options.args ?? []), builtApp(), ...given],
    env: environment(options.env),
    cwd: ROOT,
    colorScheme: options.colorScheme ?? 'light',
  });
  const page = await app.firstWindow();
  await page.waitForLoadState('domcontentloaded');
  const callReply: RunningApp['callReply'] = (name, args) =>
    page.evaluate(([asked, given]) => (window as unknown as TestWindow).reticle.call(asked, given), [
      name,
      args,
    ] as const);
  const engineReply: RunningApp['engineReply'] = (name, args) =>
    page.evaluate(askInPage, [name, args] as const);
  return {
    app,
    page,
    userData,
    screenshot: async (name) => {
      const file = path.join(ARTEFACTS, `${name}.png`);
      mkdirSync(path.dirname(file), { recursive: true });
      await page.waitForFunction(hasSettled, undefined, { timeout: 10_000 }).catch(() => undefined);
      await page.screenshot({ path: file });
      return file;
    },
    engineProcessId: () => engineProcessId(app),
    engineReply,
    engine: async (name, args) =>
      valueOf(name, await engineReply(name, args)) as ResultOf<EngineCalls[typeof name]>,
    callReply,
    call: async (name, args) => valueOf(name, await callReply(name, args)) as ResultOf<AppCalls[typeof name]>,
    close: () => app.close(),
  };
}

/** Saves what a failed test left on the screen. */
async function keepFailure(running: RunningApp, title: string, index: number): Promise<void> {
  const name = title.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 80);
  await running.screenshot(`failures/${name}-${index}`).catch(() => undefined);
}

/** In the page: nothing says that it is busy, and every picture in sight has come. */
function hasSettled(): boolean {
  const isInSight = (image: HTMLImageElement): boolean => {
    const { top, bottom } = image.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  };
  return (
    document.querySelector('[aria-busy="true"]') === null &&
    [...document.images].filter(isInSight).every(({ complete }) => complete)
  );
}

/** Playwright's `test` with `launch`: apps started by it are ended after the test, with a screenshot where it failed. */
export const test = base.extend<{ launch: (options?: LaunchOptions) => Promise<RunningApp> }>({
  // Playwright reads a fixture's needs from its first parameter, which has to be a pattern.
  // eslint-disable-next-line no-empty-pattern
  launch: async ({}, use, info) => {
    const started: { running: RunningApp; isOwnData: boolean }[] = [];
    await use(async (options = {}) => {
      const running = await launchApp(options);
      started.push({ running, isOwnData: options.userData === undefined });
      return running;
    });
    for (const [index, { running, isOwnData }] of started.entries()) {
      if (info.status !== info.expectedStatus) await keepFailure(running, info.title, index);
      await running.close().catch(() => undefined);
      // Helper processes may write for a moment after the app has ended.
      if (isOwnData)
        rmSync(running.userData, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  },
});

export { expect };
