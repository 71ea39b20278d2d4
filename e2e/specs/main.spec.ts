/** The main process: one instance, files handed to the app, menu, settings, the window's place, a crash of the page. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunningApp } from '../app';
import { IS_ROOT, builtApp, electronExecutable, expect, recordEvents, test, testSwitches } from '../app';

/** Starts a second instance on the same data and waits for its end. */
function secondInstance(userData: string, args: readonly string[]): Promise<number | null> {
  const switches = [...testSwitches(userData), ...(IS_ROOT ? ['--no-sandbox'] : [])];
  const child = spawn(electronExecutable(), [...switches, builtApp(), ...args], { stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

test('a second instance hands its file over and ends', async ({ launch }) => {
  const { page, userData, call } = await launch();
  await call('app.startup', {});
  const events = await recordEvents(page, 'files.opened');
  const file = path.join(userData, 'other.reticle');
  expect(await secondInstance(userData, [file])).toBe(0);
  await expect.poll(() => events.seen('files.opened')).toEqual([{ paths: [file], view: null }]);
});

test('a second instance without a file only brings the window to the front', async ({ launch }) => {
  const { app, page, userData, call } = await launch();
  await call('app.startup', {});
  const events = await recordEvents(page, 'files.opened');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.minimize());
  expect(await secondInstance(userData, [])).toBe(0);
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isMinimized()))
    .toBe(false);
  expect(await events.seen('files.opened')).toEqual([]);
});

test('a saved view that is named when the app starts is what it shows, and later ones too', async ({
  launch,
}) => {
  const first = await launch({ firstRun: true });
  await expect(first.page.getByRole('heading', { name: 'Why is the score low?' })).toBeVisible({
    timeout: 60_000,
  });
  const project = (await first.engine('project.state', {}))!;
  const query = (outcome: 'miss' | 'loose-box') => ({
    kind: 'failures' as const,
    run: project.runs[0]!.id,
    point: { iou: 0.5, score: 0.4 },
    filter: {
      outcomes: [outcome],
      categories: null,
      sizes: null,
      statuses: null,
      confidence: null,
      text: '',
    },
    sort: 'size' as const,
    descending: true,
  });
  await first.engine('views.save', { name: 'Only misses', query: query('miss') });
  await first.engine('views.save', { name: 'Loose ones', query: query('loose-box') });
  await first.close();
  const { userData } = first;
  const { page } = await launch({ userData, project: project.path, args: ['--view=Only misses'] });
  const chosen = (label: string) => page.getByRole('checkbox', { name: new RegExp(label) });
  await expect(chosen('Miss')).toBeChecked();
  await expect(chosen('Loose box')).not.toBeChecked();
  expect(await secondInstance(userData, ['--view=Loose ones', project.path])).toBe(0);
  await expect(chosen('Loose box')).toBeChecked();
  await expect(chosen('Miss')).not.toBeChecked();
  expect(await secondInstance(userData, ['--view=Nothing', project.path])).toBe(0);
  await expect(page.getByText('no saved view “Nothing”')).toBeVisible();
});

test('menu entries reach the window, and only those that it can act on can be chosen', async ({ launch }) => {
  const { app, page, call } = await launch();
  const events = await recordEvents(page, 'action.chosen');
  const choose = (id: string): Promise<boolean> =>
    app.evaluate(({ Menu }, wanted) => {
      const item = Menu.getApplicationMenu()!.getMenuItemById(wanted)!;
      if (item.enabled) (item.click as () => void)();
      return item.enabled;
    }, id);
  await call('menu.update', { enabled: ['help.shortcuts'] });
  expect(await choose('edit.undo')).toBe(false);
  expect(await choose('help.shortcuts')).toBe(true);
  await call('menu.update', { enabled: ['edit.undo'] });
  expect(await choose('edit.undo')).toBe(true);
  await expect
    .poll(() => events.seen('action.chosen'))
    .toEqual([{ action: 'help.shortcuts' }, { action: 'edit.undo' }]);
});

test("settings are kept, and the appearance is the system's to follow", async ({ launch }) => {
  const first = await launch();
  await first.call('settings.set', { appearance: 'dark', density: 'compact' });
  expect(await first.app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)).toBe(true);
  await first.close();
  const second = await launch({ userData: first.userData });
  expect(await second.call('settings.get', {})).toMatchObject({ appearance: 'dark', density: 'compact' });
  expect(await second.app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark');
});

test('damaged data of the app never keeps it from starting', async ({ launch }) => {
  const first = await launch();
  await first.close();
  for (const name of ['settings.json', 'recent.json', 'state.json', 'window.json'])
    writeFileSync(path.join(first.userData, name), '{"half": ');
  const second = await launch({ userData: first.userData });
  expect(await second.call('settings.get', {})).toMatchObject({ appearance: 'system' });
  expect(await second.call('recent.list', {})).toEqual([]);
  expect(readFileSync(path.join(first.userData, 'settings.json.damaged'), 'utf8')).toBe('{"half": ');
});

const PLACE = { x: 40, y: 30, width: 1200, height: 720 };
const placeOf = ({ app }: RunningApp): Promise<typeof PLACE> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());

test('the window stands where it stood', async ({ launch }) => {
  const first = await launch({ size: { width: 1100, height: 700 } });
  // The display moves windows in its own time, and may answer an earlier wish last.
  await expect(async () => {
    await first.app.evaluate(({ BrowserWindow }, wanted) => {
      BrowserWindow.getAllWindows()[0]!.setBounds(wanted);
    }, PLACE);
    for (let look = 0; look < 3; look++) {
      await first.page.waitForTimeout(200);
      expect(await placeOf(first)).toEqual(PLACE);
    }
  }).toPass();
  await first.close();
  const second = await launch({ userData: first.userData });
  await expect.poll(() => placeOf(second)).toEqual(PLACE);
});

test('a page that crashes is loaded again and says so', async ({ launch }) => {
  const { app } = await launch();
  const reason = await app.evaluate(async ({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    const sent = new Promise<string>((resolve) => {
      const send = webContents.send.bind(webContents);
      webContents.send = (channel: string, ...args: unknown[]): void => {
        send(channel, ...args);
        if (args[0] === 'window.recovered') resolve((args[1] as { reason: string }).reason);
      };
    });
    webContents.forcefullyCrashRenderer();
    return sent;
  });
  expect(reason).toContain('loaded again');
  const origin = await app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    return webContents.executeJavaScript('location.origin + typeof window.reticle') as Promise<string>;
  });
  expect(origin).toBe('app://reticleobject');
});

test('what was chosen in a dialog comes back, with its extension', async ({ launch }) => {
  const { app, call, userData } = await launch();
  const typed = path.join(userData, 'labels');
  await app.evaluate(({ dialog }, file) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: file });
    dialog.showOpenDialog = () => Promise.resolve({ canceled: true, filePaths: [] });
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
  }, typed);
  expect(await call('dialog.open', { kind: 'folder' })).toEqual([]);
  expect(await call('dialog.save', { kind: 'overlays', suggestedName: 'x' })).toBeNull();
  expect(await call('dialog.save', { kind: 'voc', suggestedName: 'labels' })).toBe(typed);
  expect(await call('dialog.save', { kind: 'coco', suggestedName: 'labels' })).toBe(`${typed}.json`);
  // The system did not ask about this name: the app does, and here is told no.
  writeFileSync(`${typed}.json`, '{}');
  expect(await call('dialog.save', { kind: 'coco', suggestedName: 'labels' })).toBeNull();
});
