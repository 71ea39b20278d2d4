/**
 * The window's only way out: five functions, no Electron object among them. Runs sandboxed; the page sees copies made by
 * the context bridge.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { AppEvents, ReticleBridge } from '../contract/app-calls';
import type { CallReply } from '../contract/call';
import { CHANNELS, PAGE_ORIGIN } from '../contract/channels';

// A message port cannot cross the context bridge: it is handed to the page as a message of its own window.
ipcRenderer.on(CHANNELS.enginePort, (event) => {
  window.postMessage('engine-port', PAGE_ORIGIN, [...event.ports]);
});

const bridge: ReticleBridge = {
  call: (name, args) => ipcRenderer.invoke(CHANNELS.call, name, args) as Promise<CallReply>,
  on: (name, listener) => {
    const receive = (_event: unknown, event: unknown, data: unknown): void => {
      if (event === name) listener(data as AppEvents[typeof name]);
    };
    ipcRenderer.on(CHANNELS.event, receive);
    return () => {
      ipcRenderer.removeListener(CHANNELS.event, receive);
    };
  },
  connectEngine: () => {
    ipcRenderer.send(CHANNELS.connectEngine);
  },
  pathOfFile: (file) => webUtils.getPathForFile(file),
  platform: process.platform,
};

contextBridge.exposeInMainWorld('reticle', bridge);
