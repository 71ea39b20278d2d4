/** Builds the writer process, runs it, and judges what a crash of it left. */
import { spawn } from 'node:child_process';
import type { SpawnOptions } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { checkProject } from '../project/soundness';
import { ProjectSession } from '../project/session';
import { makeSmallProject } from '../project/small-project.fixture';
import type { RecordChange } from '../store/records';

const SECTOR = 512;

export interface WriterRun {
  /** Steps that were acknowledged, in order. */
  readonly acknowledged: readonly number[];
  /** Annotations after the last acknowledged step; null before the first. */
  readonly annotations: number | null;
  /** Code with which an edit was refused; null where none was. */
  readonly refused: string | null;
  readonly isEnded: boolean;
}

export class CrashLab {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'reticle-crash-'));
  #projects = 0;

  /** The writer as one file. Native packages are found from here. */
  async prepare(): Promise<void> {
    const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: path.join(import.meta.dirname, 'writer.fixture.ts'),
        outDir: path.join(this.folder, 'writer'),
        target: 'node20.17',
        rolldownOptions: {
          external: [sqlite],
          output: { entryFileNames: 'writer.mjs' },
        },
      },
      resolve: { alias: { 'better-sqlite3': sqlite } },
      ssr: { noExternal: true, external: [sqlite] },
    });
    chmodSync(this.folder, 0o755);
  }

  /** A new project of six images, closed. */
  project(): string {
    const small = makeSmallProject();
    small.session.close();
    const file = path.join(this.folder, `${++this.#projects}.reticle`);
    copyFileSync(small.file, file);
    small.remove();
    return file;
  }

  /**
   * Runs the writer on a project. `killAfter`: milliseconds from its first word to SIGKILL, null: it does all its steps.
   * `fileBlocks`: no file may grow beyond so many KiB, as on a full disk.
   */
  run(
    file: string,
    seed: number,
    steps: number,
    killAfter: number | null,
    options: SpawnOptions & { readonly fileBlocks?: number } = {},
  ): Promise<WriterRun> {
    const { fileBlocks, ...spawnOptions } = options;
    const words = [
      process.execPath,
      path.join(this.folder, 'writer', 'writer.mjs'),
      file,
      String(seed),
      String(steps),
    ];
    const [command, ...args] =
      fileBlocks === undefined
        ? words
        : ['bash', '-c', `ulimit -f ${fileBlocks}; exec "$@"`, 'bash', ...words];
    return new Promise((resolve, reject) => {
      const child = spawn(command!, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      let complaints = '';
      let isArmed = false;
      child.stdout.on('data', (data: Buffer) => {
        said += data.toString('utf8');
        if (killAfter === null || isArmed || !said.includes('ready')) return;
        isArmed = true;
        setTimeout(() => child.kill('SIGKILL'), killAfter);
      });
      child.stderr.on('data', (data: Buffer) => (complaints += data.toString('utf8')));
      child.once('error', reject);
      child.once('close', (code, signal) => {
        if (code !== 0 && signal !== 'SIGKILL')
          reject(new Error(`The writer ended with ${String(code)}: ${complaints}`));
        else resolve(readWriter(said));
      });
    });
  }

  /** Opens copies whose log was cut at every sector: each has to hold a whole beginning of the steps. */
  tearLog(file: string): { readonly problems: string[]; readonly tears: number; readonly steps: number } {
    const { size } = statSync(`${file}-wal`);
    const torn = path.join(this.folder, 'torn.reticle');
    const problems: string[] = [];
    let before = 0;
    let tears = 0;
    for (let cut = 0; cut < size + SECTOR; cut += SECTOR) {
      copyFileSync(file, torn);
      copyFileSync(`${file}-wal`, `${torn}-wal`);
      truncateSync(`${torn}-wal`, Math.min(cut, size));
      const { problems: found, steps } = judge(torn, { acknowledged: [], annotations: null });
      problems.push(...found);
      if (steps < before) problems.push(`cut at ${cut}: ${steps} steps, ${before} with less of the log`);
      before = steps;
      tears++;
    }
    return { problems, tears, steps: before };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function readWriter(said: string): WriterRun {
  // A line that was cut off was not acknowledged to anybody.
  const lines = said.slice(0, said.lastIndexOf('\n') + 1).split('\n');
  const steps = lines.flatMap((line) => {
    const [, step, annotations] = /^step (\d+) (\d+)$/.exec(line) ?? [];
    return step === undefined ? [] : [{ step: Number(step), annotations: Number(annotations) }];
  });
  return {
    acknowledged: steps.map(({ step }) => step),
    annotations: steps.at(-1)?.annotations ?? null,
    refused: lines.flatMap((line) => /^refused (.+)$/.exec(line)?.[1] ?? [])[0] ?? null,
    isEnded: lines.includes('end'),
  };
}

type Labels = Map<number, string>;

const labelsOf = ({ data }: ProjectSession): Labels =>
  new Map(
    data.annotations.flatMap((records) =>
      records.map(({ id, category, box, flags }) => [id, JSON.stringify([category, box, flags])] as const),
    ),
  );

/** Labels as the log alone gives them, from the last step that exchanged all of them. */
function contradictions(session: ProjectSession): string[] {
  const log = session.log.all();
  const from = log.findLastIndex(({ changes }) => changes.some(({ table }) => table === 'truth'));
  const last = new Map<number, RecordChange>();
  for (const { changes } of log.slice(from + 1))
    for (const change of changes) if (change.table === 'annotations') last.set(change.key, change);
  const labels = labelsOf(session);
  return [...last.values()].flatMap((change) => {
    if (change.table !== 'annotations') return [];
    const { key, after } = change;
    const wanted = after ? JSON.stringify([after.category, after.box, after.flags]) : undefined;
    return labels.get(key) === wanted ? [] : [`annotation ${key}: the log says ${wanted ?? 'deleted'}`];
  });
}

export interface Verdict {
  /** What is wrong; nothing where every promise was kept. */
  readonly problems: readonly string[];
  /** Steps that the file holds. */
  readonly steps: number;
}

/** Opens what a crash left, and says what was promised and is not there. */
export function judge(
  file: string,
  { acknowledged, annotations }: Pick<WriterRun, 'acknowledged' | 'annotations'>,
): Verdict {
  const session = ProjectSession.open(file);
  const steps = session.log.all().map(({ step }) => step);
  const problems = contradictions(session);
  if (steps.some((step, index) => step !== index + 1)) problems.push(`steps are ${steps.join()}`);
  const lost = acknowledged.filter((step) => !steps.includes(step));
  if (lost.length > 0) problems.push(`acknowledged steps ${lost.join()} are lost`);
  if (
    steps.at(-1) === acknowledged.at(-1) &&
    annotations !== null &&
    session.data.annotationCount !== annotations
  )
    problems.push(`${session.data.annotationCount} annotations where ${annotations} were acknowledged`);
  session.close();
  problems.push(...checkProject(file).map(({ message }) => message));
  return { problems, steps: steps.length };
}
