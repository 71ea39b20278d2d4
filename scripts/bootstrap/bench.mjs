// npm run bench: every benchmark under bench/, or those named, with their options:  npm run bench -- peers --runs 3
import fs from 'node:fs';
import path from 'node:path';
import { runEntry, say, SetupError } from './console.mjs';
import { openDisplay } from './display.mjs';
import { projectNode, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { setUp } from './setup.mjs';

const BENCH = path.join(ROOT, 'bench');

/** A benchmark is a folder with a `run.mjs`, which prints its ratios and ends with 0. */
const found = fs
  .readdirSync(BENCH)
  .filter((name) => fs.existsSync(path.join(BENCH, name, 'run.mjs')))
  .sort();

await runEntry(async () => {
  const args = process.argv.slice(2);
  const firstOption = args.findIndex((argument) => argument.startsWith('-'));
  const wanted = firstOption < 0 ? args : args.slice(0, firstOption);
  const options = firstOption < 0 ? [] : args.slice(firstOption);
  const unknown = wanted.filter((name) => !found.includes(name));
  if (unknown.length > 0)
    throw new SetupError(
      `no benchmark is called ${unknown.join(', ')}`,
      `npm run bench -- ${found.join(' ')}`,
    );
  const { env } = await setUp();
  const display = await openDisplay();
  let failed = 0;
  for (const name of wanted.length > 0 ? wanted : found) {
    say(`bench: ${name}`);
    const { code } = await run(projectNode(), [path.join(BENCH, name, 'run.mjs'), ...options], {
      cwd: ROOT,
      env: { ...process.env, ...env, ...display.env },
      inherit: true,
    });
    if (code !== 0) failed += 1;
  }
  display.stop();
  return failed === 0 ? 0 : 1;
});
