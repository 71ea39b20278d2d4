import { describe, expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ app: {} }));
const { commandOf, isCommandLine } = await import('./command-line');

describe('the command line of the installed app', () => {
  it('is asked for by the switch before the arguments only', () => {
    expect(isCommandLine(['/app', '--command-line', '--', 'evaluate'])).toBe(true);
    expect(isCommandLine(['/app', 'a.reticle'])).toBe(false);
    expect(isCommandLine(['/app', 'a.reticle', '--', '--command-line'])).toBe(false);
    expect(isCommandLine(['/app', '--command-line'])).toBe(false);
  });

  it('takes all that follows as it is', () => {
    expect(commandOf(['/app', '--command-line', '--', 'project', 'new', '--', 'a'])).toEqual([
      'project',
      'new',
      '--',
      'a',
    ]);
  });
});
