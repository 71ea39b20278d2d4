// npm test: sets up, then type check, lint, layers, format, unit tests and the real app; ends with "N passed, N failed".
//   npm test -- unit|e2e|static [filter]     npm run test:slow: the slow tests alone
import fs from 'node:fs';
import path from 'node:path';
import { runEntry, SetupError, timed } from './console.mjs';
import { openDisplay } from './display.mjs';
import { NODE_MODULES, projectNode, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { setUp } from './setup.mjs';
import { tryTensorflow } from './tensorflow.mjs';

const script = (name) => path.join(NODE_MODULES, ...name.split('/'));
const REPORTS = path.join(ROOT, 'artefacts');

/** @typedef {{passed: number, failed: string[], skipped: string[]}} Outcome the failed and skipped ones by name */

const CHECKS = [
  ['types', [script('typescript/bin/tsc'), '-b']],
  ['lint', [script('eslint/bin/eslint.js'), '.', '--max-warnings', '0']],
  [
    'layers',
    [
      script('dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'src',
      'bin',
      'scripts',
      'e2e',
      'bench',
      'examples',
    ],
  ],
  ['format', [script('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
];

/** @returns {Promise<Outcome>} one test */
async function check([name, args]) {
  const { code, output } = await timed(name, () => run(projectNode(), args, { cwd: ROOT }));
  if (code === 0) return { passed: 1, failed: [], skipped: [] };
  console.error(`${name}: failed\n${output}`);
  return { passed: 0, failed: [name], skipped: [] };
}

/** Two at a time: each of them keeps one core busy. */
async function staticChecks() {
  const waiting = [...CHECKS];
  const outcomes = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) outcomes.push(await check(next));
  };
  await Promise.all([work(), work()]);
  return outcomes;
}

function readReport(name) {
  const file = path.join(REPORTS, name);
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
}

const SKIPPED = new Set(['skipped', 'pending', 'todo', 'disabled']);

/** An error outside any test, or no report at all, is a failure too. */
function orTheRun(failed, code, name) {
  return code !== 0 && failed.length === 0 ? [`${name} ended with ${code}`] : failed;
}

/** @returns {Promise<Outcome>} */
async function unitTests(env, slow, filter) {
  const file = path.join(REPORTS, 'unit.json');
  fs.rmSync(file, { force: true });
  const args = [
    script('vitest/vitest.mjs'),
    'run',
    ...(slow ? ['--config', 'vitest.slow.config.ts'] : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    '--passWithNoTests',
    ...filter,
  ];
  // They run in the project's Node, where the prebuilt binding serves.
  const own = { ...env };
  delete own.RETICLE_SQLITE_BINDING;
  const { code } = await timed('unit tests', () =>
    run(projectNode(), args, { cwd: ROOT, env: own, inherit: true }),
  );
  const files = readReport('unit.json')?.testResults ?? [];
  const tests = files.flatMap((one) => one.assertionResults);
  const named = (test) => test.status === 'failed';
  const broken = files.filter((one) => one.status === 'failed' && !one.assertionResults.some(named));
  const failed = [
    ...tests.filter(named).map((test) => test.fullName),
    ...broken.map((one) => path.relative(ROOT, one.name)),
  ];
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: orTheRun(failed, code, 'unit tests'),
    skipped: tests.filter((test) => SKIPPED.has(test.status)).map((test) => test.fullName),
  };
}

function* specsOf(suite, titles = []) {
  for (const spec of suite.specs ?? [])
    yield { title: [...titles, spec.title].join(' › '), tests: spec.tests };
  for (const inner of suite.suites ?? []) yield* specsOf(inner, [...titles, inner.title]);
}

/** @returns {Promise<Outcome>} */
async function endToEndTests(env, slow, filter) {
  fs.rmSync(path.join(REPORTS, 'e2e.json'), { force: true });
  const display = await openDisplay();
  const args = [
    script('@playwright/test/cli.js'),
    'test',
    '--pass-with-no-tests',
    ...(slow ? ['--config', 'playwright.slow.config.ts'] : []),
    ...filter,
  ];
  const { code } = await timed('end-to-end tests', () =>
    run(projectNode(), args, { cwd: ROOT, env: { ...env, ...display.env }, inherit: true }),
  );
  display.stop();
  const report = readReport('e2e.json');
  const tests = (report?.suites ?? []).flatMap((suite) =>
    [...specsOf(suite)].flatMap(({ title, tests }) => tests.map((test) => ({ title, status: test.status }))),
  );
  const titles = (...states) =>
    tests.filter((test) => states.includes(test.status)).map((test) => test.title);
  return {
    passed: titles('expected').length,
    failed: orTheRun(titles('unexpected', 'flaky'), code, 'end-to-end tests'),
    skipped: titles('skipped'),
  };
}

function list(heading, names) {
  if (names.length > 0) console.log(`\n${heading}:\n${names.map((name) => `  ${name}`).join('\n')}`);
}

/** The last line is read by build machines. */
function conclude(outcomes) {
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.flatMap((outcome) => outcome.failed);
  const skipped = outcomes.flatMap((outcome) => outcome.skipped);
  list('skipped', skipped);
  list('failed', failed);
  const end = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  console.log(`${passed} passed, ${failed.length} failed${end}`);
  return failed.length === 0 && passed > 0 ? 0 : 1;
}

const MODES = ['all', 'static', 'unit', 'e2e'];

await runEntry(async () => {
  const [mode = 'all', ...filter] = process.argv.slice(2).filter((argument) => argument !== '--slow');
  if (!MODES.includes(mode))
    throw new SetupError(`no tests are called ${mode}`, `npm test -- ${MODES.join('|')}`);
  const slow = process.argv.includes('--slow');
  const isWanted = (name) => mode === 'all' || mode === name;
  const { env: paths } = await setUp();
  if (isWanted('unit') || isWanted('e2e')) await tryTensorflow();
  const env = { ...process.env, ...paths };
  fs.mkdirSync(REPORTS, { recursive: true });
  const outcomes = [];
  if (isWanted('static') && !slow) outcomes.push(...(await staticChecks()));
  if (isWanted('unit')) outcomes.push(await unitTests(env, slow, filter));
  if (isWanted('e2e')) outcomes.push(await endToEndTests(env, slow, filter));
  return conclude(outcomes);
});
