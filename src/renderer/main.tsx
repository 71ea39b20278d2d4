import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Shell } from './app/shell';
import { app } from './state/app-client';
import { connectEngine, engine } from './state/engine-client';
import { followEngine, openProject, openSample, useSession } from './state/session';
import './ui/tokens.css';
import './ui/ui.css';

/** What the window opens with: what is open already, what was given, or the sample on the very first run. */
async function open(): Promise<void> {
  useSession.setState({ settings: await app('settings.get', {}) });
  const project = await engine('project.state', {});
  if (project) {
    useSession.getState().adopt(project);
    return;
  }
  const startup = await app('app.startup', {});
  if (startup.open?.endsWith('.reticle')) await openProject(startup.open, startup.view);
  else if (startup.open) useSession.getState().startImport([startup.open]);
  else if (startup.openSample) await openSample();
}

followEngine();
connectEngine();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Shell />
  </StrictMode>,
);
void open().catch((error: unknown) => useSession.getState().showFailure(error));
