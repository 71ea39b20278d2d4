/** How a command is called: mistakes in one line, before anything is read or written. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { useCommandLine } from './command-line.fixture';

const cli = useCommandLine();
const COMMAND = ['evaluate', '--truth', 't.json', '--predictions', 'p.json', '--json'];

function write(): void {
  const truth = {
    images: [{ id: 1, file_name: 'a.jpg', width: 100, height: 100 }],
    annotations: [{ id: 1, image_id: 1, category_id: 3, bbox: [10, 10, 20, 20], area: 400, iscrowd: 0 }],
    categories: [{ id: 3, name: 'cat' }],
  };
  writeFileSync(path.join(cli.folder, 't.json'), JSON.stringify(truth));
  const results = [{ image_id: 1, category_id: 3, bbox: [10, 10, 20, 20], score: 0.9 }];
  writeFileSync(path.join(cli.folder, 'p.json'), JSON.stringify(results));
}

/** What is printed of a call that has to be refused. */
async function refused(...args: string[]): Promise<{ code: string; message: string; next: string }> {
  const said = vi.mocked(process.stderr).write.mock;
  const before = said.calls.length;
  expect(await cli.run(...args)).toBe(2);
  const lines = said.calls.slice(before).map(([text]) => String(text));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^reticle: [^\n]*\n$/);
  return (JSON.parse(cli.out) as { error: { code: string; message: string; next: string } }).error;
}

describe('a call', () => {
  it('that is mistaken is refused in one line that says where to look', async () => {
    expect(await refused(...COMMAND, '--protocl', 'coco')).toMatchObject({
      code: 'usage',
      message: "Unknown option '--protocl' (Did you mean --protocol?)",
      next: 'See reticle evaluate --help.',
    });
    expect((await refused('project', 'edit', 'a.reticle', '--json')).next).toBe(
      'See reticle project edit --help.',
    );
    expect((await refused('nonsense', '--json')).next).toBe('See reticle --help.');
    expect((await refused('project', '--json')).message).toMatch(/--json/);
    expect((await refused(...COMMAND, '--as-tensorflow-2-reports-it')).message).toMatch(
      /^--as-tensorflow-2-reports-it belongs to tf-coco/,
    );
  });

  it('says nothing twice and nothing empty', async () => {
    write();
    expect((await refused(...COMMAND, '--truth', 'other.json')).message).toBe(
      '--truth is given twice, as “t.json” and as “other.json”.',
    );
    expect((await refused(...COMMAND, '--output', '')).message).toBe('--output is empty.');
    expect((await refused('inspect', '', '--json')).code).toBe('usage');
    expect(await cli.run(...COMMAND, '--truth', 't.json', '--predictions', 'p.json')).toBe(0);
  });

  it('names targets that can be written, and images that are there', async () => {
    write();
    mkdirSync(path.join(cli.folder, 'folder'));
    expect((await refused(...COMMAND, '--output', 'folder')).code).toBe('target-is-folder');
    expect((await refused(...COMMAND, '--matches', 't.json/m.json')).code).toBe('folder-missing');
    expect((await refused(...COMMAND, '--arrays', 't.json/below')).code).toBe('target-is-file');
    expect((await refused(...COMMAND, '--images', 'none')).code).toBe('file-unreadable');
    const two = ['--arrays', 'arrays', '--matches', 'm.json', '--iou', '0.5,0.75'];
    expect((await refused(...COMMAND, ...two)).message).toBe('--matches is of one IoU.');
    expect(readdirSync(cli.folder).sort()).toEqual(['folder', 'p.json', 't.json']);
    expect(await cli.run(...COMMAND, '--arrays', 'new/arrays')).toBe(0);
    expect(existsSync(path.join(cli.folder, 'new', 'arrays', 'shapes.json'))).toBe(true);
  });

  it('reads standard input once', async () => {
    const both = ['--truth', '-', '--predictions', '-', '--json'];
    expect((await refused('evaluate', ...both)).message).toBe('Standard input can be one file only.');
    const convert = ['convert', '--from', '-', '--truth', '-', '--to', 'x', '--to-format', 'yolo', '--json'];
    expect((await refused(...convert)).message).toBe('Standard input can be one file only.');
  });

  it('tells which requirement is missed', async () => {
    write();
    expect(await cli.run(...COMMAND, '--require', 'AP>=0.5', '--require', 'AR1<0.5')).toBe(1);
    expect(vi.mocked(process.stderr).write.mock.calls.map(([text]) => text)).toEqual([
      'reticle: AR1<0.5 does not hold: it is 1.\n',
    ]);
  });
});
