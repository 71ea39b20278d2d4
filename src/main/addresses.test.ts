import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseImageAddress, parsePageAddress } from './addresses';

describe('addresses of images', () => {
  it('reads the whole image, a thumbnail and a crop', () => {
    expect(parseImageAddress('app-image://image/7/full')).toEqual({ kind: 'full', image: 7, size: null });
    expect(parseImageAddress('app-image://image/0/full?size=2000&v=ab_1')).toEqual({
      kind: 'full',
      image: 0,
      size: 2000,
    });
    expect(parseImageAddress('app-image://image/12/thumb?size=256')).toEqual({
      kind: 'thumb',
      image: 12,
      size: 256,
    });
    expect(parseImageAddress('app-image://image/12/crop?x=-1.5&y=2&w=10&h=20.25&size=128')).toEqual({
      kind: 'crop',
      image: 12,
      x: -1.5,
      y: 2,
      width: 10,
      height: 20.25,
      size: 128,
    });
  });

  it.each([
    'app-image://image/../../etc/passwd/full',
    'app-image://image//etc/passwd',
    'app-image://image/%2e%2e/full',
    'app-image://other/7/full',
    'app-image://image/7',
    'app-image://image/07/full',
    'app-image://image/-7/full',
    'app-image://image/7.5/full',
    'app-image://image/7/full/more',
    'app-image://image/7/full?size=0',
    'app-image://image/7/full?path=%2Fetc%2Fpasswd',
    'app-image://image/7/full?v=../x',
    'app-image://image/7/thumb',
    'app-image://image/7/thumb?size=1e9',
    'app-image://image/7/thumb?size=99999',
    'app-image://image/7/thumb?size=64&size=65',
    'app-image://image/7/crop?x=0&y=0&w=10&h=10',
    'app-image://image/7/crop?x=0&y=0&w=0&h=10&size=64',
    'app-image://image/7/crop?x=NaN&y=0&w=1&h=10&size=64',
    'app-image://image/7/crop?x=Infinity&y=0&w=1&h=10&size=64',
    'file:///etc/passwd',
    '',
  ])('refuses %s', (address) => {
    expect(parseImageAddress(address)).toBeNull();
  });
});

describe('addresses of the interface', () => {
  const root = path.resolve('/apps/reticle/renderer');

  it('names a file inside the folder', () => {
    expect(parsePageAddress('app://reticle/', root)).toBe(path.join(root, 'index.html'));
    expect(parsePageAddress('app://reticle/assets/a%20b.js?x#y', root)).toBe(
      path.join(root, 'assets', 'a b.js'),
    );
    expect(parsePageAddress('app://reticle/..name/a.js', root)).toBe(path.join(root, '..name', 'a.js'));
  });

  it.each([
    'app://other/index.html',
    'app://reticle/..%2f..%2fetc/passwd',
    'app://reticle/%2e%2e%2f%2e%2e%2fsecret',
    'app://reticle/..%2frenderer-sibling/a.js',
    'app://reticle/%5c..%5c..%5csecret',
    'app://reticle/C:%5cwindows',
    'app://reticle/a%00.html',
    'app://reticle/%ff',
    'file:///etc/passwd',
    'https://reticle/index.html',
    'nonsense',
  ])('refuses %s', (address) => {
    expect(parsePageAddress(address, root)).toBeNull();
  });

  it('cannot be led out by plain dots', () => {
    // The address itself is made canonical first: it stays inside.
    expect(parsePageAddress('app://reticle/../../x', root)).toBe(path.join(root, 'x'));
  });
});
