/** TensorFlow's native part: where it may lie. It is made by `install.ts`. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { InstalledComponent } from '../components/component';
import { componentHomes, readComponent } from '../components/component';

/** Of the wheel that the component is made from; part of its folder's name. */
export const TENSORFLOW_VERSION = '2.21.0';
/** A folder that the user points at. */
export const FOLDER_VARIABLE = 'RETICLE_TENSORFLOW';

export const componentName = (isGpu: boolean): string =>
  `tensorflow${isGpu ? '-gpu' : ''}-${TENSORFLOW_VERSION}-${process.platform}-${process.arch}`;

/** Where it is looked for: what the user points at, the app's data folder, the cache; GPU before CPU. */
export function componentFolders(dataFolder: string | null): readonly string[] {
  const pointed = process.env[FOLDER_VARIABLE];
  return [
    ...(pointed ? [path.resolve(pointed)] : []),
    ...componentHomes(dataFolder).flatMap((home) => [
      path.join(home, componentName(true)),
      path.join(home, componentName(false)),
    ]),
  ];
}

/** The first whole component of the wanted kind, whose binding is the addon; null where there is none. */
export function findTensorflow(
  dataFolder: string | null,
  isFit: (component: InstalledComponent) => boolean = () => true,
): InstalledComponent | null {
  for (const folder of componentFolders(dataFolder)) {
    const component = existsSync(folder) ? readComponent(folder) : null;
    if (component && isFit(component)) return component;
  }
  return null;
}
