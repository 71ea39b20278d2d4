/** The engine's process: it may die at any time, and nothing that was acknowledged is lost. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { RunningApp } from '../app';
import { expect, forgetTestPort, recordEvents, test } from '../app';

const POINT = { iou: 0.5, score: 0.5 };

/** Opens the sample and names an image and a class to edit. */
async function openSample({
  engine,
}: RunningApp): Promise<{ file: string; image: number; category: number }> {
  const state = await engine('project.openSample', { job: 'sample' });
  const [found] = await engine('image.find', { text: 'smear', limit: 1 });
  return { file: state.path, image: found!.image, category: state.categories[0]!.id };
}

interface EditingWindow {
  testEngine: Promise<(name: string, args: unknown) => Promise<{ ok: boolean; value: { added: number[] } }>>;
  acknowledged: number[];
}

/** Adds one box after another, as fast as they are acknowledged, until the engine is gone. */
function keepEditing(page: Page, image: number, category: number): Promise<void> {
  return page.evaluate(
    async ([at, label]) => {
      const own = window as unknown as EditingWindow;
      own.acknowledged = [];
      const ask = await own.testEngine;
      const edit = async (count: number): Promise<void> => {
        const box = [count % 100, 1, 5, 5];
        const add = { image: at, category: label, box };
        const reply = await ask('edit.apply', { operations: [{ add }], shown: null });
        if (!reply.ok) return;
        own.acknowledged.push(...reply.value.added);
        await edit(count + 1);
      };
      void edit(0);
    },
    [image, category] as const,
  );
}

const acknowledged = (page: Page): Promise<number[]> =>
  page.evaluate(() => [...(window as unknown as EditingWindow).acknowledged]);

async function annotations({ engine }: RunningApp, image: number): Promise<number[]> {
  const detail = await engine('image.detail', { image, run: null, point: POINT });
  return detail.annotations.map(({ id }) => id);
}

test('an engine killed amid edits is started again, and no acknowledged edit is lost', async ({ launch }) => {
  const running = await launch({ firstRun: true });
  const { page } = running;
  const { file, image, category } = await openSample(running);
  const before = await annotations(running, image);
  const events = await recordEvents(page, 'engine.restarted');
  for (const round of [1, 2, 3]) {
    await keepEditing(page, image, category);
    await expect.poll(async () => (await acknowledged(page)).length).toBeGreaterThan(20);
    process.kill(await running.engineProcessId(), 'SIGKILL');
    await expect.poll(async () => (await events.seen('engine.restarted')).length).toBe(round);
    // Read after the end: whatever arrived until then had been acknowledged.
    const kept = await acknowledged(page);
    await forgetTestPort(page);
    expect((await running.engine('project.state', {}))?.path).toBe(file);
    const now = await annotations(running, image);
    expect(now).toEqual(expect.arrayContaining([...before, ...kept]));
    before.push(...kept);
  }
  const [news] = await events.seen('engine.restarted');
  expect(news?.reason).toContain('ended unexpectedly');
  expect(news?.lostWork).toContain('still there');
});

test('the window says that the engine was started again', async ({ launch }) => {
  const running = await launch({ firstRun: true });
  await openSample(running);
  process.kill(await running.engineProcessId(), 'SIGKILL');
  await expect(running.page.getByText(/started again/).first()).toBeVisible();
});

test('an engine that dies again and again is left alone until the user asks', async ({ launch }) => {
  const running = await launch();
  const { page } = running;
  const events = await recordEvents(page, 'engine.restarted', 'engine.failed');
  await running.engine('project.state', {});
  for (const end of [1, 2, 3, 4, 5]) {
    process.kill(await running.engineProcessId(), 'SIGKILL');
    await expect.poll(async () => (await events.seen('engine.restarted')).length).toBe(end);
  }
  process.kill(await running.engineProcessId(), 'SIGKILL');
  await expect.poll(() => events.seen('engine.failed')).toHaveLength(1);
  await running.call('engine.retry', {});
  await expect.poll(async () => (await events.seen('engine.restarted')).length).toBe(6);
  await forgetTestPort(page);
  expect(await running.engine('project.state', {})).toBeNull();
});

test('ending the app closes the project whole', async ({ launch }) => {
  const running = await launch();
  const { file, image, category } = await openSample(running);
  const add = { image, category, box: [1, 1, 5, 5] as [number, number, number, number] };
  const { added } = await running.engine('edit.apply', { operations: [{ add }], shown: null });
  await running.close();
  expect(existsSync(file)).toBe(true);
  expect(existsSync(`${file}-wal`)).toBe(false);
  const again = await launch({ userData: running.userData });
  await again.engine('project.open', { path: file });
  expect(await annotations(again, image)).toEqual(expect.arrayContaining([...added]));
});

test('a project that is open elsewhere is refused, and the message says so', async ({ launch }) => {
  const first = await launch();
  const file = path.join(first.userData, 'shared.reticle');
  await first.engine('project.create', { path: file });
  const second = await launch();
  const reply = await second.engineReply('project.open', { path: file });
  expect(reply).toMatchObject({ ok: false, error: { kind: 'bad-input' } });
  if (!reply.ok) {
    expect(reply.error.message).toMatch(/open|use/i);
    expect(reply.error.next).not.toBe('');
  }
  await first.engine('project.close', {});
  expect((await second.engine('project.open', { path: file })).path).toBe(file);
});

test('pixels come by the id of an image', async ({ launch }) => {
  const running = await launch();
  const { image } = await openSample(running);
  const sides = await running.page.evaluate(async (key) => {
    const load = async (address: string): Promise<[number, number] | null> => {
      const picture = new Image();
      picture.crossOrigin = 'anonymous';
      picture.src = `app-image://image/${address}`;
      try {
        await picture.decode();
        return [picture.naturalWidth, picture.naturalHeight];
      } catch {
        return null;
      }
    };
    return {
      full: await load(`${key}/full`),
      thumb: await load(`${key}/thumb?size=64&v=1`),
      crop: await load(`${key}/crop?x=10&y=10&w=40&h=20&size=80`),
      unknown: await load('999999/full'),
    };
  }, image);
  expect(sides.full?.[0]).toBeGreaterThan(64);
  expect(Math.max(...(sides.thumb ?? [0]))).toBe(64);
  expect(sides.crop?.[0]).toBeGreaterThan(sides.crop![1]);
  expect(sides.unknown).toBeNull();
});
