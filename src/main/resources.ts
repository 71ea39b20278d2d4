/** What ships with the app: beside the archive of a package, or in the checkout. */
import path from 'node:path';
import { app } from 'electron';

export function resourcesFolder(): string {
  return path.join(app.isPackaged ? process.resourcesPath : app.getAppPath(), 'resources');
}
