/** Which parts are present: those of this process, then those the engine knows. */
import { app } from 'electron';
import type { Component } from '../contract/view-types';
import type { EngineSupervisor } from './engine-supervisor';
import type { Log } from './log';

const present = (name: string, version: string, detail = ''): Component => ({
  name,
  present: true,
  version,
  detail,
  fix: null,
});

function graphics(): Component {
  const status = app.getGPUFeatureStatus();
  const isAccelerated = status.gpu_compositing === 'enabled';
  return {
    name: 'Graphics',
    present: isAccelerated,
    version: null,
    detail: isAccelerated ? 'The graphics card draws the window.' : 'The processor draws the window.',
    fix: isAccelerated ? null : 'Nothing needs doing; a graphics driver would make drawing faster.',
  };
}

/** Never fails: an engine that does not answer is itself a line of the list. */
export async function appComponents(engine: EngineSupervisor, log: Log): Promise<Component[]> {
  const own = [
    present('Electron', process.versions.electron),
    present('Chromium', process.versions.chrome),
    present('Node', process.versions.node, `V8 ${process.versions.v8}`),
    graphics(),
  ];
  try {
    return [...own, ...(await engine.ask('components', null))];
  } catch (error) {
    log('main', `The engine did not say which parts it has: ${String(error)}`);
    const detail = engine.failure ?? 'It did not answer.';
    const fix = 'Start it again from the message in the window; the log says more.';
    return [...own, { name: 'Engine', present: false, version: null, detail, fix }];
  }
}
