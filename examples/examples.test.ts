/** The examples that need nothing but a shell: what they print is what one run prints. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES, makeWorkplace } from './examples.fixture';
import type { Workplace } from './examples.fixture';
import { readManifest } from './manifest.fixture';

let place: Workplace;
beforeAll(() => {
  place = makeWorkplace();
});
afterAll(() => place.remove());

const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv): string =>
  execFileSync(command, args, { cwd: place.folder, env, encoding: 'utf8' });

describe.skipIf(process.platform === 'win32')('examples', () => {
  it('shell: parts scored several at a time', () => {
    const script = path.join(EXAMPLES, 'shell', 'evaluate-in-parts.sh');
    const printed = run(
      script,
      ['3', '2', place.truth, place.predictions, '--protocol', 'coco,lvis'],
      place.env,
    );
    expect(JSON.parse(printed)).toEqual(place.whole('--protocol', 'coco,lvis'));
  });

  it('Kubernetes: the shares of the indexed job, one of them run twice', () => {
    const { completions, container } = readManifest();
    const given = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
    expect(given['PARTS']).toBe(String(completions));
    const [command, ...flags] = container.command as [string, ...string[]];
    for (const index of [...Array(completions).keys(), 2]) {
      const own = { DATA: place.folder, JOB_COMPLETION_INDEX: String(index) };
      run(command, [...flags, ...container.args], { ...place.env, ...given, ...own });
    }
    const parts = readdirSync(path.join(place.folder, 'parts')).map((name) => path.join('parts', name));
    expect(parts).toHaveLength(completions);
    expect(JSON.parse(run('reticle', ['merge-evaluations', ...parts, '--json'], place.env))).toEqual(
      place.whole(),
    );
  });
});
