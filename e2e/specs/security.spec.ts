/** Electron's security checklist (docs/tutorial/security), item by item, on the running app. */
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { IS_ROOT, ROOT, builtApp, expect, launchApp, test as base } from '../app';
import type { RunningApp } from '../app';
import { startAsOrdinaryUser } from '../ordinary-user';

/** One app serves all items: each looks, none changes it. */
const test = base.extend<object, { running: RunningApp }>({
  running: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const running = await launchApp();
      await use(running);
      await running.close();
    },
    { scope: 'worker' },
  ],
});

const PREFERENCES = [
  'nodeIntegration',
  'nodeIntegrationInWorker',
  'nodeIntegrationInSubFrames',
  'contextIsolation',
  'sandbox',
  'webSecurity',
  'allowRunningInsecureContent',
  'experimentalFeatures',
  'enableBlinkFeatures',
  'webviewTag',
] as const;

/** The window's preferences as Electron holds them. */
function preferences({ app }: RunningApp): Promise<Record<(typeof PREFERENCES)[number], unknown>> {
  return app.evaluate(({ BrowserWindow }, names) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const all = contents.getLastWebPreferences();
    return Object.fromEntries(names.map((name) => [name, all[name]])) as Record<
      (typeof names)[number],
      unknown
    >;
  }, PREFERENCES);
}

/** A web server that counts who asks it, to prove that nobody does. */
async function countingServer(): Promise<{ url: string; hits: () => number; close: () => void }> {
  let hits = 0;
  const server = createServer((_request, response) => {
    hits += 1;
    response.setHeader('Access-Control-Allow-Origin', '*').end('1');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    hits: () => hits,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Runs code in the page outside of what the debugger exempts from the content policy; gives its result or error name. */
function inPage(page: Page, what: 'eval' | 'Function' | 'timer' | 'inline' | 'wasm'): Promise<string> {
  return page.evaluate(
    (kind) =>
      new Promise<string>((resolve) => {
        const tries: Record<typeof kind, () => void> = {
          eval: () => resolve(`ran ${String((0, eval)('1'))}`),
          Function: () => {
            const Maker = Function as unknown as new (code: string) => () => unknown;
            resolve(`ran ${String(new Maker('return 1')())}`);
          },
          timer: () => {
            const state = window as unknown as { timerRan?: boolean };
            (setTimeout as (code: string) => unknown)('window.timerRan = true');
            setTimeout(() => resolve(state.timerRan ? 'ran' : 'nothing ran'), 50);
          },
          inline: () => {
            const state = window as unknown as { inlineRan?: boolean };
            const script = document.createElement('script');
            script.textContent = 'window.inlineRan = true';
            document.head.append(script);
            script.remove();
            resolve(state.inlineRan ? 'ran' : 'nothing ran');
          },
          wasm: () => {
            const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
            resolve(new WebAssembly.Module(empty) instanceof WebAssembly.Module ? 'ran' : 'nothing ran');
          },
        };
        setTimeout(() => {
          try {
            tries[kind]();
          } catch (error) {
            resolve((error as Error).name);
          }
        });
      }),
    what,
  );
}

test('1: only secure content is loaded, and nothing from the network', async ({ running }) => {
  const { app, page } = running;
  const server = await countingServer();
  try {
    expect(await page.evaluate(() => window.isSecureContext)).toBe(true);
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    expect(loaded.filter((name) => !/^(app|app-image|blob|data):/.test(name))).toEqual([]);
    const answers = await page.evaluate(async (url) => {
      const settle = (start: (done: (result: string) => void) => void): Promise<string> => new Promise(start);
      return Promise.all([
        fetch(url).then(
          () => 'loaded',
          () => 'refused',
        ),
        settle((done) => {
          const image = new Image();
          image.onload = () => done('loaded');
          image.onerror = () => done('refused');
          image.src = url;
        }),
        settle((done) => {
          const script = document.createElement('script');
          script.onload = () => done('loaded');
          script.onerror = () => done('refused');
          script.src = url;
          document.head.append(script);
        }),
        settle((done) => {
          try {
            const socket = new WebSocket(url.replace('http', 'ws'));
            socket.onopen = () => done('loaded');
            socket.onerror = () => done('refused');
          } catch {
            done('refused');
          }
        }),
        settle((done) => done(navigator.sendBeacon(url) ? 'sent' : 'refused')),
      ]);
    }, server.url);
    expect(answers.slice(0, 4)).toEqual(['refused', 'refused', 'refused', 'refused']);
    // Even a page without our content policy gets nothing: the session cuts the network off.
    const bare = await app.evaluate(async ({ BrowserWindow }, url) => {
      const window = new BrowserWindow({ show: false });
      try {
        await window.loadURL('data:text/html,<p>bare</p>');
        return (await window.webContents.executeJavaScript(
          `fetch(${JSON.stringify(url)}).then(() => 'loaded', () => 'refused')`,
        )) as string;
      } finally {
        window.destroy();
      }
    }, server.url);
    expect(bare).toBe('refused');
    expect(server.hits()).toBe(0);
  } finally {
    server.close();
  }
});

test('2: no Node integration in the page', async ({ running }) => {
  const found = await running.page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron'].filter(
      (name) => name in window,
    ),
  );
  expect(found).toEqual([]);
  const { nodeIntegration, nodeIntegrationInWorker, nodeIntegrationInSubFrames } = await preferences(running);
  expect([nodeIntegration, nodeIntegrationInWorker ?? false, nodeIntegrationInSubFrames]).toEqual([
    false,
    false,
    false,
  ]);
});

test('3: context isolation', async ({ running }) => {
  expect((await preferences(running)).contextIsolation).toBe(true);
  // What the page holds are copies of its own world: reaching through them leads nowhere else.
  const isOwn = await running.page.evaluate(() => {
    const { reticle } = window as unknown as { reticle: { call: () => void; on: () => void } };
    return reticle.call.constructor === Function && Object.getPrototypeOf(reticle.on) === Function.prototype;
  });
  expect(isOwn).toBe(true);
  expect(await running.page.evaluate(() => Reflect.set(window, 'reticle', null))).toBe(false);
  expect((await running.callReply('app.info', {})).ok).toBe(true);
});

test('4: the renderer is sandboxed', async ({ running }) => {
  expect((await preferences(running)).sandbox).toBe(true);
  // Whether the switch took it away: only root may do without.
  expect(await running.app.evaluate(({ app }) => app.commandLine.hasSwitch('no-sandbox'))).toBe(IS_ROOT);
});

test('4: for an ordinary user the renderer runs under seccomp', async () => {
  test.skip(process.platform !== 'linux', 'seccomp is Linux');
  const started = await startAsOrdinaryUser();
  test.skip(started.kind === 'impossible', started.kind === 'impossible' ? started.why : '');
  if (started.kind === 'impossible') return;
  try {
    expect(started.isOrdinary).toBe(true);
    expect(started.seccomp).toBe(2);
  } finally {
    await started.end();
  }
});

test('5: permission requests are denied', async ({ running }) => {
  const { page } = running;
  const answers = await page.evaluate(async () => {
    const refused = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'granted',
        (error: unknown) => (error as Error).name,
      );
    return {
      media: await refused(navigator.mediaDevices.getUserMedia({ audio: true, video: true })),
      screen: await refused(navigator.mediaDevices.getDisplayMedia({ video: true })),
      place: await new Promise<string>((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          ({ code }) => resolve(`code ${code}`),
        );
      }),
      notification: await Notification.requestPermission(),
      clipboard: await refused(navigator.clipboard.readText()),
      midi: await refused(
        (navigator as Navigator & { requestMIDIAccess(): Promise<unknown> }).requestMIDIAccess(),
      ),
    };
  });
  expect(Object.values(answers)).not.toContain('granted');
  expect(answers.notification).toBe('denied');
  expect(answers.place).toBe('code 1');
  const states = await page.evaluate(() =>
    Promise.all(
      ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'].map(
        async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
      ),
    ),
  );
  expect(states.filter((state) => state === 'granted')).toEqual([]);
});

test('6: web security is on', async ({ running }) => {
  expect((await preferences(running)).webSecurity).toBe(true);
  const switches = await running.app.evaluate(({ app }) =>
    ['disable-web-security', 'disable-site-isolation-trials'].filter((name) =>
      app.commandLine.hasSwitch(name),
    ),
  );
  expect(switches).toEqual([]);
});

test('7: the content security policy is strict, and holds', async ({ running }) => {
  const { app, page } = running;
  const policy = await app.evaluate(async ({ session }) => {
    const answer = await session.defaultSession.fetch('app://reticle/');
    return answer.headers.get('Content-Security-Policy') ?? '';
  });
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval';/);
  expect(policy).toContain("connect-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("'unsafe-eval'");
  expect(policy).not.toMatch(/script-src[^;]*'unsafe-inline'/);
  expect(policy).not.toMatch(/https?:|\*/);
  expect(await inPage(page, 'eval')).toBe('EvalError');
  expect(await inPage(page, 'Function')).toBe('EvalError');
  expect(await inPage(page, 'timer')).not.toBe('ran');
  expect(await inPage(page, 'inline')).toBe('nothing ran');
  expect(await inPage(page, 'wasm')).toBe('ran');
});

test('8: no insecure content is allowed', async ({ running }) => {
  expect((await preferences(running)).allowRunningInsecureContent).toBe(false);
});

test('9: no experimental features', async ({ running }) => {
  expect((await preferences(running)).experimentalFeatures).toBe(false);
});

test('10: no Blink features are switched on', async ({ running }) => {
  expect((await preferences(running)).enableBlinkFeatures ?? '').toBe('');
});

test('11, 12: no webview, and attaching one is denied', async ({ running }) => {
  expect((await preferences(running)).webviewTag).toBe(false);
  const { page, app } = running;
  const made = await page.evaluate(() => {
    const view = document.createElement('webview');
    view.setAttribute('src', 'data:text/html,hello');
    document.body.append(view);
    const isPlain = view instanceof HTMLUnknownElement || !('loadURL' in view);
    view.remove();
    return isPlain;
  });
  expect(made).toBe(true);
  const denied = await app.evaluate(({ BrowserWindow }) => {
    let isDenied = false;
    const event = {
      preventDefault: () => {
        isDenied = true;
      },
    };
    BrowserWindow.getAllWindows()[0]!.webContents.emit('will-attach-webview', event, {}, {});
    return isDenied;
  });
  expect(denied).toBe(true);
});

test('13: navigation is denied', async ({ running }) => {
  const { page } = running;
  const server = await countingServer();
  try {
    for (const target of [server.url, 'file:///etc/passwd', 'data:text/html,x', 'app://reticle/other']) {
      await page.evaluate((url) => {
        const link = document.createElement('a');
        link.href = url;
        document.body.append(link);
        link.click();
        link.remove();
        location.href = url;
      }, target);
      await page.evaluate((action) => {
        const form = document.createElement('form');
        form.action = action;
        document.body.append(form);
        form.submit();
        form.remove();
      }, target);
      expect(await page.evaluate(() => location.href), target).toBe('app://reticle/');
    }
    expect(server.hits()).toBe(0);
    // The blank page cannot be denied; the window comes back from it by itself.
    const left = page.waitForEvent('framenavigated', (frame) => frame.url() === 'about:blank');
    await page.evaluate(() => {
      location.href = 'about:blank';
    });
    await left;
    await page.waitForURL('app://reticle/');
    await page.waitForLoadState('domcontentloaded');
    expect((await running.callReply('settings.get', {})).ok).toBe(true);
  } finally {
    server.close();
  }
});

test('14: new windows are denied', async ({ running }) => {
  const { app, page } = running;
  const opened = await page.evaluate(() =>
    ['https://example.com/', 'about:blank', 'app://reticle/', 'file:///etc/passwd', ''].map(
      (url) => window.open(url) !== null,
    ),
  );
  expect(opened).toEqual([false, false, false, false, false]);
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'app://reticle/';
    link.target = '_blank';
    document.body.append(link);
    link.click();
    link.remove();
  });
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('15: nothing is handed to the system to open', () => {
  const folder = path.join(builtApp(), 'out/main');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  expect(sources.length).toBeGreaterThan(0);
  for (const name of sources) {
    const source = readFileSync(path.join(folder, name), 'utf8');
    expect(source, name).not.toMatch(/\b(openExternal|openPath)\b/);
  }
});

test('16: Electron is pinned to the release that was chosen, or the known stand-in', async ({ running }) => {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: { electron: string };
  };
  expect(manifest.devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
  const version = await running.app.evaluate(() => process.versions.electron);
  expect([manifest.devDependencies.electron, '33.2.1']).toContain(version);
});

test('17: the sender of every call is checked', async ({ running }) => {
  const { app } = running;
  const preload = path.join(builtApp(), 'out/preload/index.cjs');
  // The same preload script in a page that is not ours, and in a window that is not ours showing our page.
  const answers = await app.evaluate(async ({ BrowserWindow }, file) => {
    const replies: unknown[] = [];
    for (const url of ['data:text/html,<p>stranger</p>', 'app://reticle/']) {
      const window = new BrowserWindow({ show: false, webPreferences: { preload: file, sandbox: true } });
      try {
        await window.loadURL(url);
        replies.push(await window.webContents.executeJavaScript(`window.reticle.call('settings.get', {})`));
      } finally {
        window.destroy();
      }
    }
    return replies;
  }, preload);
  expect(answers).toEqual([
    expect.objectContaining({
      ok: false,
      error: expect.objectContaining({ code: 'sender-refused' }),
    }),
    expect.objectContaining({
      ok: false,
      error: expect.objectContaining({ code: 'sender-refused' }),
    }),
  ]);
});

test('17: a frame inside the page is given no bridge', async ({ running }) => {
  const has = await running.page.evaluate(async () => {
    const frame = document.createElement('iframe');
    frame.srcdoc = '<p>inside</p>';
    const loaded = new Promise((resolve) => {
      frame.onload = resolve;
    });
    document.body.append(frame);
    await loaded;
    const inside = frame.contentWindow as unknown as Record<string, unknown> | null;
    const found = inside !== null && 'reticle' in inside;
    frame.remove();
    return found;
  });
  expect(has).toBe(false);
});

test('17: calls with unknown names or arguments that do not fit are refused', async ({ running }) => {
  const code = async (name: unknown, args: unknown): Promise<string> => {
    const reply = await running.callReply(name as string, args);
    return reply.ok ? 'answered' : reply.error.code;
  };
  expect(await code('nothing', {})).toBe('unknown-call');
  expect(await code('__proto__', {})).toBe('unknown-call');
  expect(await code('constructor', {})).toBe('unknown-call');
  expect(await code({ toString: 'settings.get' }, {})).toBe('unknown-call');
  expect(await code('settings.set', { appearance: 'pink' })).toBe('bad-arguments');
  expect(await code('image.copyPath', { image: '../../etc/passwd' })).toBe('bad-arguments');
  expect(await code('clipboard.write', null)).toBe('bad-arguments');
  expect(await code('file.reveal', { path: 'relative' })).toBe('file-missing');
  const engine = await running.engineReply('gallery.window', { query: 1, from: 0, count: 1e9 });
  expect(engine).toMatchObject({ ok: false, error: { code: 'bad-arguments' } });
  expect(await running.engineReply('toString', {})).toMatchObject({
    ok: false,
    error: { code: 'unknown-call' },
  });
});

test('18: the interface comes from a protocol of its own, files are out of reach', async ({ running }) => {
  const { app, page } = running;
  expect(await page.evaluate(() => location.origin)).toBe('app://reticle');
  const manifest = path.join(builtApp(), 'package.json');
  const seen = await page.evaluate(async (url) => {
    const image = await new Promise<string>((resolve) => {
      const probe = new Image();
      probe.onload = () => resolve('loaded');
      probe.onerror = () => resolve('refused');
      probe.src = url;
    });
    const text = await fetch(url).then(
      () => 'loaded',
      () => 'refused',
    );
    return [image, text];
  }, `file://${manifest}`);
  expect(seen).toEqual(['refused', 'refused']);
  const statuses = await app.evaluate(
    async ({ session }, urls) => {
      const answers = await Promise.all(
        urls.map((url) =>
          session.defaultSession.fetch(url).then(
            ({ status }) => status,
            () => 0,
          ),
        ),
      );
      return answers;
    },
    [
      'app://reticle/..%2f..%2fpackage.json',
      'app://reticle/%2e%2e%2f%2e%2e%2fpackage.json',
      'app://reticle/..%5c..%5cpackage.json',
      'app://reticle/assets/..%2f..%2f..%2fpackage.json',
      'app://elsewhere/index.html',
      'app://reticle/missing.js',
    ],
  );
  expect(statuses).toEqual([403, 403, 403, 403, 403, 404]);
});

test('18: pixels are had by id, never by path', async ({ running }) => {
  const urls = [
    'app-image://image/%2fetc%2fpasswd/full',
    'app-image://image/..%2f..%2fetc%2fpasswd',
    'app-image://image/1/full?path=/etc/passwd',
    'app-image://image/1/thumb?size=64&file=/etc/passwd',
    'app-image://etc/passwd',
  ];
  const statuses = await running.app.evaluate(
    ({ session }, all) =>
      Promise.all(
        all.map((url) =>
          session.defaultSession.fetch(url).then(
            ({ status }) => status,
            () => 0,
          ),
        ),
      ),
    urls,
  );
  for (const status of statuses) expect([0, 400]).toContain(status);
});

test('20: the page holds five functions and no Electron object', async ({ running }) => {
  const shape = await running.page.evaluate(() => {
    const { reticle } = window as unknown as { reticle: Record<string, unknown> };
    return Object.fromEntries(Object.entries(reticle).map(([name, value]) => [name, typeof value]));
  });
  expect(shape).toEqual({
    call: 'function',
    on: 'function',
    connectEngine: 'function',
    pathOfFile: 'function',
    platform: 'string',
  });
  const received = running.page.evaluate(
    () =>
      new Promise<{ count: number; data: unknown }>((resolve) => {
        const { reticle } = window as unknown as {
          reticle: { on(name: string, listener: (...args: unknown[]) => void): () => void };
        };
        const stop = reticle.on('settings.changed', (...args) => {
          stop();
          resolve({ count: args.length, data: args[0] });
        });
      }),
  );
  const settings = await running.call('settings.set', { density: 'comfortable' });
  expect(await received).toEqual({ count: 1, data: settings });
});

test('downloads are refused', async ({ running }) => {
  const isRefused = await running.app.evaluate(
    ({ session }) =>
      new Promise<boolean>((resolve) => {
        session.defaultSession.once('will-download', (event) => {
          resolve(event.defaultPrevented);
        });
        session.defaultSession.downloadURL('app://reticle/index.html');
      }),
  );
  expect(isRefused).toBe(true);
});
