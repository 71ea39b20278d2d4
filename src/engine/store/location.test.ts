import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { riskOfLocation } from './location';

describe('where a project lies', () => {
  it('is risky in folders that a program synchronises', () => {
    const home = '/home/me';
    const risk = (file: string): string | undefined => riskOfLocation(path.join(home, file), home)?.name;
    expect(risk('OneDrive - Lab/a.reticle')).toBe('OneDrive');
    expect(risk('Dropbox (Team)/deep/er/a.reticle')).toBe('Dropbox');
    expect(risk('Library/Mobile Documents/a.reticle')).toBe('iCloud Drive');
    expect(risk('Nextcloud/a.reticle')).toBe('Nextcloud');
    expect(risk('Dropboxes/a.reticle')).toBeUndefined();
    expect(risk('data/Dropbox.reticle')).toBeUndefined();
  });

  it('is not risky on a local disk, or where a user is only named so', () => {
    expect(riskOfLocation(path.join(tmpdir(), 'a.reticle'))).toBeNull();
    expect(riskOfLocation('/home/box/a.reticle', '/home/box')).toBeNull();
  });
});
