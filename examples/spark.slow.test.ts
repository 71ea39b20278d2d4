/** Apache Spark with worker processes of its own; one of them is killed at work, and its share is scored again. */
import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pythonWith } from '../scripts/bootstrap/python-packages.mjs';
import { EXAMPLES, makeWorkplace, RETICLE } from './examples.fixture';
import type { Workplace } from './examples.fixture';

const PARTS = 8;
/** Two workers of one core and 1024 MB. */
const MASTER = 'local-cluster[2,1,1024]';

let place: Workplace;
beforeAll(() => {
  place = makeWorkplace();
});
afterAll(() => place.remove());

const hasJava = (): boolean => {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Process ids of the workers' executors that this run started. */
function executors(application: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' });
  const rows = table.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)?.slice(1) ?? []);
  const parents = new Map(rows.map(([pid, parent]) => [Number(pid), Number(parent)]));
  const isBelow = (pid: number): boolean => {
    for (let one = pid; one > 1; one = parents.get(one) ?? 0) if (one === application) return true;
    return false;
  };
  return rows
    .filter(([, , command]) => command?.includes('CoarseGrainedExecutorBackend'))
    .map(([pid]) => Number(pid))
    .filter(isBelow);
}

it('gives what one run gives, with a worker killed', async ({ skip }) => {
  if (!hasJava()) return skip('Java is missing');
  const environment = await pythonWith(['pyspark==4.0.1']);
  if ('missing' in environment) return skip(`pyspark: ${environment.missing}`);
  const { python } = environment;
  const script = path.join(EXAMPLES, 'spark', 'evaluate_in_parts.py');
  const files = ['--truth', place.truth, '--predictions', place.predictions];
  const submit = spawn(
    path.join(path.dirname(python), 'spark-submit'),
    [
      ...['--master', MASTER, '--conf', 'spark.ui.enabled=false', script],
      ...['--reticle', RETICLE, '--node', process.execPath, ...files, '--parts', String(PARTS), '--json'],
    ],
    {
      cwd: place.folder,
      env: { ...place.env, PYSPARK_PYTHON: python, SPARK_LOCAL_IP: '127.0.0.1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let out = '';
  let log = '';
  let killed: number | null = null;
  submit.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  submit.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
    // Its first share is being scored now.
    if (killed !== null || !/Starting task 0\.0 in stage 0\.0/.test(log)) return;
    killed = executors(submit.pid!)[0] ?? null;
    if (killed !== null) process.kill(killed, 'SIGKILL');
  });
  const code = await new Promise((resolve) => submit.on('exit', resolve));
  expect(code, log.slice(-3000)).toBe(0);
  expect(killed).not.toBeNull();
  expect(log).toMatch(/Lost task .* in stage 0\.0|ExecutorLostFailure|Lost executor/);
  expect(JSON.parse(out)).toEqual(place.whole());
});
