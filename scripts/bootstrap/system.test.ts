import { describe, expect, it } from 'vitest';
import { missingLibraries, namesHere } from './system.mjs';

const LDD = `	linux-vdso.so.1 (0x00007ffd4d5f2000)
	libffmpeg.so => /opt/electron/libffmpeg.so (0x00007f0a1a400000)
	libgtk-3.so.0 => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0a16000000)
	libasound.so.2 => not found
`;

describe('missingLibraries', () => {
  it('names what was not found', () => {
    expect(missingLibraries(LDD)).toEqual(['libgtk-3.so.0', 'libasound.so.2']);
  });
  it('is empty where all is there', () => {
    expect(missingLibraries('\tlibc.so.6 => /lib/libc.so.6 (0x1)\n')).toEqual([]);
  });
});

describe('namesHere', () => {
  const candidate = (version: string) => (): string => `x:\n  Installed: (none)\n  Candidate: ${version}\n`;

  it('takes the newer name where the system has it', () => {
    expect(namesHere(['libgtk-3-0', 'libnss3'], candidate('3.24.49-3'))).toEqual([
      'libgtk-3-0t64',
      'libnss3',
    ]);
  });
  it('takes the older one where it has not', () => {
    expect(namesHere(['libgtk-3-0'], () => '')).toEqual(['libgtk-3-0']);
    expect(namesHere(['libgtk-3-0'], candidate('(none)'))).toEqual(['libgtk-3-0']);
  });
});
