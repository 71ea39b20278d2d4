import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isProjectPath, pathsOfArguments } from './opened-files';

describe('files handed to the app', () => {
  it('are the arguments that are no switches, made absolute', () => {
    const folder = path.resolve('/home/somebody');
    expect(pathsOfArguments(['--flag', 'a.reticle', '', '-v', '/data/set'], folder)).toEqual([
      path.join(folder, 'a.reticle'),
      path.resolve('/data/set'),
    ]);
  });

  it('are projects by their extension', () => {
    expect(isProjectPath('/x/A.Reticle')).toBe(true);
    expect(isProjectPath('/x/a.reticle/file.json')).toBe(false);
  });
});
