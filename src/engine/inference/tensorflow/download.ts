/** A file from a Python package index: found by name, fetched on from where an earlier try ended, checked by its hash. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BadInput } from '../../../core/foundation/bad-input';
import type { Progress } from '../../../core/foundation/cancellation';

export interface Wheel {
  readonly project: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
}

const PUBLIC_INDEX = 'https://pypi.org/simple';
const ANSWER_WITHIN_MS = 15_000;
/** A connection that brings nothing for so long is given up; what came is kept. */
const SILENT_MS = 60_000;

/** The index that pip would ask, with PEP 691's JSON. */
const indexAddress = (env: NodeJS.ProcessEnv): string =>
  (env['PIP_INDEX_URL'] ?? PUBLIC_INDEX).replace(/\/+$/, '');

async function findAddress({ project, fileName }: Wheel): Promise<string> {
  const index = `${indexAddress(process.env)}/${project}/`;
  const response = await fetch(index, {
    headers: { accept: 'application/vnd.pypi.simple.v1+json' },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  if (!response.ok) throw new Error(`${index} answered ${response.status}`);
  const { files } = (await response.json()) as { files: { filename: string; url: string }[] };
  const file = files.find(({ filename }) => filename === fileName);
  if (!file) throw new Error(`${index} has no ${fileName}`);
  return new URL(file.url, index).href;
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Appends what is missing. A server that sends the whole again starts the file anew. */
async function fetchRest(address: string, partial: string, wheel: Wheel, progress: Progress): Promise<void> {
  const stop = new AbortController();
  const have = await sizeOf(partial);
  const response = await fetch(address, {
    headers: have > 0 ? { range: `bytes=${have}-` } : {},
    signal: stop.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`${address} answered ${response.status}`);
  const isRest = response.status === 206;
  const handle = await open(partial, isRest ? 'a' : 'w');
  let done = isRest ? have : 0;
  let silence = setTimeout(() => stop.abort(), SILENT_MS);
  try {
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(silence);
      silence = setTimeout(() => stop.abort(), SILENT_MS);
      await handle.write(piece);
      done += piece.length;
      progress.check();
      progress.report(`Downloading ${wheel.project}`, done, wheel.bytes);
    }
  } finally {
    clearTimeout(silence);
    await handle.close();
  }
}

/** Path of the wheel in `folder`. Throws `BadInput` where it cannot be had; what came is kept for the next try. */
export async function downloadWheel(wheel: Wheel, folder: string, progress: Progress): Promise<string> {
  const target = path.join(folder, wheel.fileName);
  if ((await sizeOf(target)) === wheel.bytes) return target;
  const partial = `${target}.partial`;
  await mkdir(folder, { recursive: true });
  try {
    if ((await sizeOf(partial)) < wheel.bytes)
      await fetchRest(await findAddress(wheel), partial, wheel, progress);
  } catch (error) {
    if (error instanceof Error && error.name === 'Cancelled') throw error;
    const { code } =
      (error as { cause?: { code?: string }; code?: string }).cause ?? (error as { code?: string });
    if (code === 'ENOSPC')
      throw new BadInput('disk-full', 'The disk is full.', `Free some space on the disk of ${folder}.`);
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput(
      'download-failed',
      `${wheel.fileName} cannot be downloaded: ${reason}${code ? ` (${code})` : ''}.`,
      'Try again: it goes on where it stopped. PIP_INDEX_URL names another package index.',
    );
  }
  progress.report('Checking the download', 0, null);
  if ((await hashOf(partial)) !== wheel.sha256) {
    await rm(partial, { force: true });
    throw new BadInput(
      'download-damaged',
      `${wheel.fileName} arrived damaged and was thrown away.`,
      'Try again.',
    );
  }
  await rename(partial, target);
  return target;
}
