import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUNDLED, NATIVE, makeNotices } from './notices.mjs';

const SOURCES = path.resolve(import.meta.dirname, '../../src');

/** Names of the packages that the app's sources import, tests and types left out. */
function importedPackages(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !/\.(test|fixture)\.tsx?$/.test(file),
  );
  const names = files.flatMap((file) => {
    const text = readFileSync(path.join(SOURCES, file), 'utf8');
    return [...text.matchAll(/^(?:import|export)(?! type)[^;]*? from '([^.'][^']*)'/gm)].map(
      (match) => match[1]!,
    );
  });
  const packages = names.map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
  return [...new Set(packages)]
    .filter((name) => !/^(node|virtual):/.test(name) && name !== 'electron')
    .sort();
}

describe('the notices of a package', () => {
  it('count every package that the sources import', () => {
    const known = new Set([...BUNDLED, ...NATIVE]);
    expect(importedPackages().filter((name) => !known.has(name))).toEqual([]);
  });

  it('hold each with version and licence, and those that they bring', () => {
    const notices = makeNotices();
    expect(notices).toMatch(/^react \d+\.\d+\.\d+ \(MIT\)$/m);
    expect(notices).toMatch(/^scheduler \d+\.\d+\.\d+ \(MIT\)$/m);
    expect(notices).toContain('Permission is hereby granted');
  });
});
