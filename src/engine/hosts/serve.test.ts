import { describe, expect, it } from 'vitest';
import type { CallReply, Handlers } from '../../contract/call';
import type { EngineCalls, EngineMessage } from '../../contract/engine-calls';
import { engineCalls } from '../../contract/engine-calls';
import { BadInput } from '../../core/foundation/bad-input';
import { Cancelled } from '../../core/foundation/cancellation';
import type { ServedPort } from './serve';
import { createServer } from './serve';

type Given = { [K in keyof EngineCalls]?: (args: never) => unknown };

/** A server with the given handlers, every other call refusing, and a window's end of a port to it. */
function serve(given: Given, ready: Promise<unknown> = Promise.resolve()) {
  const faults: string[] = [];
  const names = Object.keys(engineCalls) as (keyof EngineCalls)[];
  const refuse = (): never => {
    throw new Error('not expected');
  };
  const handlers = Object.fromEntries(
    names.map((name) => [name, given[name] ?? refuse]),
  ) as unknown as Handlers<EngineCalls>;
  const server = createServer(handlers, ready, (text) => faults.push(text));
  let deliver: (message: unknown) => void = () => undefined;
  let end: () => void = () => undefined;
  const waiting = new Map<number, (reply: CallReply) => void>();
  const order: number[] = [];
  const events: EngineMessage[] = [];
  const port: ServedPort = {
    post: (message) => {
      structuredClone(message);
      if (message.kind === 'event') events.push(message);
      else {
        order.push(message.id);
        waiting.get(message.id)?.(message.reply);
      }
    },
    receive: (listener) => (deliver = listener),
    closed: (listener) => (end = listener),
  };
  server.connect(port);
  let id = 0;
  const call = (name: string, args: unknown): Promise<CallReply> =>
    new Promise((resolve) => {
      id += 1;
      waiting.set(id, resolve);
      deliver({ id, name, args });
    });
  return {
    call,
    server,
    faults,
    order,
    events,
    send: (message: unknown) => deliver(message),
    end: () => end(),
  };
}

describe('answering calls', () => {
  it('hands checked arguments on and the result back', async () => {
    const { call } = serve({ 'image.find': ({ text }: { text: string }) => [{ image: 1, name: text }] });
    expect(await call('image.find', { text: 'a', limit: 5, more: true })).toEqual({
      ok: true,
      value: [{ image: 1, name: 'a' }],
    });
  });

  it.each([
    ['nonsense', {}, 'unknown-call'],
    ['toString', {}, 'unknown-call'],
    ['__proto__', {}, 'unknown-call'],
    [5, {}, 'unknown-call'],
    ['image.find', { text: 'a', limit: 1e9 }, 'bad-arguments'],
    ['image.find', null, 'bad-arguments'],
    ['project.open', { path: '' }, 'bad-arguments'],
    [
      'edit.apply',
      { operations: [{ add: { image: 1, category: 1, box: [0, 0, Number.NaN, 1] } }], shown: null },
      'bad-arguments',
    ],
  ])('refuses %s %o', async (name, args, code) => {
    const { call } = serve({});
    expect(await call(name as string, args)).toMatchObject({ ok: false, error: { kind: 'bad-input', code } });
  });

  it('tells expected failures in full, and of faults only that there was one', async () => {
    const { call, faults } = serve({
      'project.close': () => {
        throw new BadInput('in-use', 'It is in use.', 'Close it there.', { file: 'a.reticle' });
      },
      'project.state': () => Promise.reject(new Cancelled()),
      'export.plan': () => {
        throw new Error('/home/somebody/secret');
      },
    });
    expect(await call('project.close', {})).toEqual({
      ok: false,
      error: {
        kind: 'bad-input',
        code: 'in-use',
        message: 'It is in use.',
        where: { file: 'a.reticle' },
        next: 'Close it there.',
      },
    });
    expect(await call('project.state', {})).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    const fault = await call('export.plan', { format: 'coco' });
    expect(fault).toMatchObject({ ok: false, error: { kind: 'fault' } });
    expect(JSON.stringify(fault)).not.toContain('secret');
    expect(faults.join()).toContain('/home/somebody/secret');
  });

  it('lets short calls pass a long one that awaits', async () => {
    let finish: () => void = () => undefined;
    const long = new Promise<void>((resolve) => (finish = resolve));
    const { call, order } = serve({
      'import.examine': () => long.then(() => 'done'),
      'project.state': () => null,
    });
    const first = call('import.examine', {
      job: 'j',
      paths: ['/x'],
      exclude: [],
      subset: null,
      images: null,
      labelMap: null,
      into: false,
    });
    await call('project.state', {});
    finish();
    expect(await first).toEqual({ ok: true, value: 'done' });
    expect(order).toEqual([2, 1]);
  });

  it('starts calls in the order in which they came', async () => {
    const started: string[] = [];
    const { call } = serve({
      'project.state': () => started.push('state'),
      'project.close': () => started.push('close'),
    });
    await Promise.all([call('project.close', {}), call('project.state', {}), call('project.close', {})]);
    expect(started).toEqual(['close', 'state', 'close']);
  });

  it('waits until the engine is ready', async () => {
    let open: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (open = resolve));
    const started: string[] = [];
    const { call } = serve({ 'project.state': () => started.push('state') }, ready);
    const reply = call('project.state', {});
    await Promise.resolve();
    expect(started).toEqual([]);
    open();
    expect((await reply).ok).toBe(true);
  });

  it('answers with a fault where a result cannot be copied', async () => {
    const { call } = serve({ 'project.state': () => ({ method: () => 1 }) });
    expect(await call('project.state', {})).toMatchObject({ ok: false, error: { kind: 'fault' } });
  });

  it('notes what is no call, sends events, and forgets closed ports', () => {
    const { send, server, faults, events, end } = serve({});
    send('hello');
    send({ id: 1.5, name: 'project.state' });
    expect(faults).toHaveLength(2);
    server.emit('score.changed', { images: [3] });
    expect(events).toEqual([{ kind: 'event', name: 'score.changed', data: { images: [3] } }]);
    end();
    server.emit('score.changed', { images: [4] });
    expect(events).toHaveLength(1);
  });
});
