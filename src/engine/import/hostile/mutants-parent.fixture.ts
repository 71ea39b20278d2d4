/** Runs mutants in child processes with limits on time and memory: what kills a reader is found, and the run goes on. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { kernels } from '../../../../scripts/kernels/vite-plugin.mjs';
import { placeFiles } from './check.fixture';
import type { FromChild } from './mutants-child.fixture';
import { mutantOf } from './mutants.fixture';
import { seedCorpus } from './seeds.fixture';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const OUT = path.join(ROOT, 'node_modules', '.cache', 'mutants');
/** Where the files of mutants that broke a rule are put, to be looked at and kept in `corpus`. */
const FOUND = path.join(ROOT, 'artefacts', 'mutants');

/** Seeds are a few kilobytes: seconds of processor time for one are a fault, and so is silence for so many milliseconds. */
const MOST_SECONDS = 5;
const LONGEST_SILENCE = 60_000;
/** Megabytes of memory of the process. */
const MOST_MEMORY = 1500;
const HEAP = 512;

export interface Fault {
  readonly seed: string;
  readonly mutant: number;
  readonly what: string;
}

export interface MutantReport {
  readonly read: number;
  readonly refused: number;
  readonly faults: readonly Fault[];
}

async function buildChild(): Promise<string> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    plugins: [kernels()],
    build: {
      ssr: path.join(ROOT, 'src/engine/import/hostile/mutants-child.fixture.ts'),
      outDir: path.join(OUT, String(process.pid)),
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'child.mjs' } },
    },
  });
  return path.join(OUT, String(process.pid), 'child.mjs');
}

function megabytesOf({ pid }: ChildProcess): number {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 2 ** 20;
  } catch {
    return 0; // No such file on other systems; there the heap's limit alone holds.
  }
}

interface Ended {
  /** Where a new child goes on; null where this one came to its end. */
  readonly next: number | null;
}

class Run {
  readonly #child: string;
  readonly #number: number;
  readonly #to: number;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'reticle-mutants-'));
  readonly found: { mutant: number; what: string }[] = [];
  read = 0;
  refused = 0;

  constructor(child: string, number: number, to: number) {
    this.#child = child;
    this.#number = number;
    this.#to = to;
  }

  async all(): Promise<void> {
    for (let from: number | null = 0; from !== null && from < this.#to;) from = (await this.#from(from)).next;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #from(from: number): Promise<Ended> {
    const args = [this.#number, from, this.#to, path.join(this.#folder, 'files')].map(String);
    const child = fork(this.#child, args, { execArgv: [`--max-old-space-size=${HEAP}`], stdio: 'pipe' });
    let current = from;
    let heard = performance.now();
    let killed: string | null = null;
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    child.stdout!.resume();
    const watch = setInterval(() => {
      const memory = megabytesOf(child);
      if (memory > MOST_MEMORY) killed = `${Math.round(memory)} MB of memory`;
      else if (performance.now() - heard > LONGEST_SILENCE) killed = 'no end';
      if (killed !== null) child.kill('SIGKILL');
    }, 50);
    return new Promise((resolve) => {
      let hasEnded = false;
      child.on('message', (message: FromChild) => {
        heard = performance.now();
        if (message.kind === 'ended') hasEnded = true;
        else if (message.kind === 'started') current = message.mutant;
        else {
          if (message.isRead) this.read++;
          else this.refused++;
          for (const what of message.faults) this.found.push({ mutant: message.mutant, what });
          if (message.seconds > MOST_SECONDS)
            this.found.push({
              mutant: message.mutant,
              what: `${message.seconds.toFixed(1)} s of processor time`,
            });
        }
      });
      child.on('exit', (code, signal) => {
        clearInterval(watch);
        if (hasEnded) resolve({ next: null });
        else {
          this.found.push({
            mutant: current,
            what: killed ?? `the process ended: ${code ?? signal} ${said}`,
          });
          resolve({ next: current + 1 });
        }
      });
    });
  }
}

/** Reads `count` mutants, the same ones for the same `run`. Files of those that broke a rule are left in artefacts. */
export async function runMutants(run: number, count: number): Promise<MutantReport> {
  const child = await buildChild();
  const work = new Run(child, run, count);
  await work.all();
  rmSync(path.dirname(child), { recursive: true, force: true });
  const corpus = await seedCorpus();
  const faults = work.found.map(({ mutant, what }): Fault => {
    const { seed, files } = mutantOf(corpus, run, mutant);
    const folder = path.join(FOUND, `${seed.name}--${run}-${mutant}`);
    mkdirSync(FOUND, { recursive: true });
    placeFiles(folder, { ...seed, files });
    return { seed: seed.name, mutant, what };
  });
  return { read: work.read, refused: work.refused, faults };
}
