// npm test: sets up, then type check, lint, layers, format, unit tests and the real app; ends with "N passed, N failed".
//   npm test -- unit|e2e|static [filter]     npm run test:slow: the slow tests alone
import fs from 'node:fs';
import path from 'node:path';
import { runEntry, say } from './console.mjs';
import { openDisplay } from './display.mjs';
import { NODE_MODULES, projectNode, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { setUp } from './set-up.mjs';

const script = (name) => path.join(NODE_MODULES, ...name.split('/'));
const REPORTS = path.join(ROOT, 'artefacts');

/** @typedef {{passed: number, failed: number, skipped: string[]}} Outcome */

const CHECKS = [
  ['types', [script('typescript/bin/tsc'), '-b']],
  ['lint', [script('eslint/bin/eslint.js'), '.', '--max-warnings', '0']],
  [
    'layers',
    [
      script('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'src',
      'bin',
      'scripts',
      'e2e',
      'bench',
    ],
  ],
  ['format', [script('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
];

/** @returns {Promise<Outcome>} one test */
async function check([name, args]) {
  say(`${name} ...`);
  const { code, output } = await run(projectNode(), args, { cwd: ROOT });
  if (code !== 0) console.error(output);
  say(`${name}: ${code === 0 ? 'passed' : 'failed'}`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] };
}

function readReport(name) {
  const file = path.join(REPORTS, name);
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
}

/** @returns {Promise<Outcome>} */
async function unitTests(env, slow, filter) {
  say('unit tests ...');
  fs.rmSync(path.join(REPORTS, 'unit.json'), { force: true });
  const args = [script('vitest/vitest.mjs'), 'run', ...(slow ? ['--config', 'vitest.slow.config.ts'] : [])];
  const { code } = await run(
    projectNode(),
    [
      ...args,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${path.join(REPORTS, 'unit.json')}`,
      '--passWithNoTests',
      ...filter,
    ],
    { cwd: ROOT, env, inherit: true },
  );
  const report = readReport('unit.json');
  const tests = report?.testResults.flatMap((file) => file.assertionResults) ?? [];
  const count = (...states) => tests.filter((test) => states.includes(test.status)).length;
  const brokenFiles =
    report?.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.every((t) => t.status !== 'failed'),
    ).length ?? 0;
  const failed = count('failed') + brokenFiles;
  return {
    passed: count('passed'),
    // An error outside any test, or no report at all, is a failure too.
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: tests
      .filter((test) => ['skipped', 'pending', 'todo', 'disabled'].includes(test.status))
      .map((test) => test.fullName),
  };
}

function* specsOf(suite, titles = []) {
  for (const spec of suite.specs ?? [])
    yield { title: [...titles, spec.title].join(' › '), tests: spec.tests };
  for (const inner of suite.suites ?? []) yield* specsOf(inner, [...titles, inner.title]);
}

/** @returns {Promise<Outcome>} */
async function endToEndTests(env, slow, filter) {
  say('end-to-end tests ...');
  fs.rmSync(path.join(REPORTS, 'e2e.json'), { force: true });
  const display = await openDisplay();
  const args = [
    script('@playwright/test/cli.js'),
    'test',
    ...(slow ? ['--config', 'playwright.slow.config.ts'] : []),
    ...filter,
  ];
  const { code } = await run(projectNode(), args, {
    cwd: ROOT,
    env: { ...env, ...display.env },
    inherit: true,
  });
  display.stop();
  const report = readReport('e2e.json');
  const tests = (report?.suites ?? []).flatMap((suite) =>
    [...specsOf(suite)].flatMap(({ title, tests }) => tests.map((test) => ({ title, status: test.status }))),
  );
  const failed = tests.filter((test) => test.status === 'unexpected' || test.status === 'flaky').length;
  return {
    passed: tests.filter((test) => test.status === 'expected').length,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: tests.filter((test) => test.status === 'skipped').map((test) => test.title),
  };
}

function conclude(outcomes) {
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  const skipped = outcomes.flatMap((outcome) => outcome.skipped);
  if (skipped.length > 0) console.log(`\nskipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`);
  console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

await runEntry(async () => {
  const [mode = 'all', ...filter] = process.argv.slice(2).filter((argument) => argument !== '--slow');
  const slow = process.argv.includes('--slow');
  const { env: paths } = await setUp();
  const env = { ...process.env, ...paths };
  fs.mkdirSync(REPORTS, { recursive: true });
  const outcomes = [];
  if (!slow && (mode === 'all' || mode === 'static'))
    for (const one of CHECKS) outcomes.push(await check(one));
  if (mode === 'all' || mode === 'unit') outcomes.push(await unitTests(env, slow, filter));
  if (mode === 'all' || mode === 'e2e') outcomes.push(await endToEndTests(env, slow, filter));
  say('done');
  return conclude(outcomes);
});
