/** Makes a component out of wheels of a Python package index. Its folder appears whole or not at all. */
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../../core/foundation/bad-input';
import type { Progress } from '../../../core/foundation/cancellation';
import type { ComponentList, ComponentPlace, InstalledComponent } from './component';
import { COMPONENT_LIST, readComponent } from './component';
import type { Wheel } from './download';
import { downloadWheel } from './download';

export interface ComponentRecipe {
  /** Of the folder. */
  readonly name: string;
  readonly wheels: readonly Wheel[];
  /** Fills the folder from the downloaded wheels, in their order, and says what it became. */
  readonly make: (folder: string, archives: readonly string[]) => Promise<Omit<ComponentList, 'sizes'>>;
}

/** Makes the folder a whole component: nothing may be written to it afterwards. */
async function writeList(folder: string, what: Omit<ComponentList, 'sizes'>): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const sizes: Record<string, number> = {};
  for (const file of files) sizes[path.relative(folder, file)] = (await stat(file)).size;
  const list: ComponentList = { ...what, sizes };
  await writeFile(path.join(folder, COMPONENT_LIST), JSON.stringify(list));
}

/** Installs the component, or gives the one that is there. Throws `BadInput` where it cannot be had. */
export async function installComponent(
  { name, wheels, make }: ComponentRecipe,
  { home, downloads }: ComponentPlace,
  progress: Progress,
): Promise<InstalledComponent> {
  const target = path.join(home, name);
  const there = readComponent(target);
  if (there) return there;
  const archives: string[] = [];
  for (const wheel of wheels) archives.push(await downloadWheel(wheel, downloads, progress));
  await mkdir(home, { recursive: true });
  const folder = await mkdtemp(path.join(home, `.${name}-`));
  try {
    await writeList(folder, await make(folder, archives));
    await rm(target, { recursive: true, force: true });
    await rename(folder, target);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOSPC')
      throw new BadInput('disk-full', 'The disk is full.', `Free some space on the disk of ${home}.`);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  for (const archive of archives) await rm(archive, { force: true });
  const made = readComponent(target);
  if (!made) throw new Error(`${target} is not whole after it was made`);
  return made;
}
