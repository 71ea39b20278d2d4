/** The command as a process: what comes in at standard input, and what standard output does not take. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectNode } from '../../scripts/bootstrap/paths.mjs';

const COMMAND = path.resolve(import.meta.dirname, '../../bin/reticle.mjs');
const LABEL_MAP = "item { id: 1 name: 'cat' }\n";
const TRUTH = JSON.stringify({
  images: [{ id: 1, file_name: 'a.jpg', width: 100, height: 100 }],
  annotations: [{ id: 1, image_id: 1, category_id: 3, bbox: [10, 10, 20, 20], area: 400, iscrowd: 0 }],
  categories: [{ id: 3, name: 'cat' }],
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-from-outside-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const call = (input: string, ...args: string[]) =>
  spawnSync(projectNode(), [COMMAND, ...args], { cwd: folder, input, encoding: 'utf8' });

describe('standard input', () => {
  it('is recognised and then read', () => {
    const converted = call(TRUTH, 'convert', '--from', '-', '--to', 'x.csv', '--to-format', 'csv');
    expect(converted).toMatchObject({ status: 0 });
    expect(readFileSync(path.join(folder, 'x.csv'), 'utf8')).toContain('a.jpg,100,100,cat,10,10,30,30');
    const inspected = call(LABEL_MAP, 'inspect', '-', '--json');
    expect(JSON.parse(inspected.stdout)).toMatchObject({ kind: 'label-map', classes: [{ name: 'cat' }] });
  });

  it('that is empty or something else is called by its name', () => {
    for (const [input, why] of [
      ['', 'an empty file'],
      ['nothing of the kind', 'no format that is known here'],
    ] as const) {
      const inspected = call(input, 'inspect', '-');
      expect(inspected.status).toBe(2);
      expect(inspected.stderr).toContain(`Standard input is not recognised: ${why}.`);
    }
  });
});

describe('relative paths', () => {
  it('belong to the folder of the call, whatever npm says of another', () => {
    const checkout = path.dirname(path.dirname(COMMAND));
    const convert = [COMMAND, 'convert', '--from', '-', '--to-format', 'csv', '--to'];
    const call = (target: string, cwd: string, from: string) =>
      spawnSync(projectNode(), [...convert, target], {
        cwd,
        input: TRUTH,
        env: { ...process.env, INIT_CWD: from },
      });
    expect(call('direct.csv', folder, checkout).status).toBe(0);
    expect(call('by-npm.csv', checkout, folder).status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['by-npm.csv', 'direct.csv']);
  });
});

describe('standard output', () => {
  it.skipIf(process.platform !== 'linux')('that takes nothing is told', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(projectNode(), [COMMAND, 'inspect', '-'], {
      input: TRUTH,
      encoding: 'utf8',
      stdio: ['pipe', full, 'pipe'],
    });
    closeSync(full);
    expect(status).toBe(2);
    // Before it may stand what the set-up and progress say.
    expect(stderr).toContain(
      'reticle: Standard output cannot be written: the disk is full. Print to another place.\n',
    );
  });
});
