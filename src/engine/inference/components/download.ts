/** A file from a Python package index: found by name, fetched on from where an earlier try ended, checked by its hash. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BadInput } from '../../../core/foundation/bad-input';
import type { Progress } from '../../../core/foundation/cancellation';
import { adviceFor, firstCause, withNetwork } from './network';

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
const ASK_EVERY_MS = 200;
const MEGABYTE = 1_000_000;

type Request = Parameters<Parameters<typeof withNetwork>[0]>[0];

interface PackageIndex {
  /** Without a name and password, so that it can be shown. */
  readonly address: string;
  /** For requests to the index's own host. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The index that pip would ask, with PEP 691's JSON. A name and a password in its address go into a header, as pip does. */
function packageIndex(env: NodeJS.ProcessEnv): PackageIndex {
  const url = new URL((env['PIP_INDEX_URL'] ?? PUBLIC_INDEX).trim());
  const [name, password] = [url.username, url.password].map(decodeURIComponent);
  url.username = '';
  url.password = '';
  const basic = Buffer.from(`${name}:${password}`).toString('base64');
  return {
    address: url.href.replace(/\/+$/, ''),
    headers: name || password ? { authorization: `Basic ${basic}` } : {},
  };
}

const headersFor = (address: string, { address: own, headers }: PackageIndex): Record<string, string> =>
  new URL(address).origin === new URL(own).origin ? { ...headers } : {};

async function findAddress(
  request: Request,
  packages: PackageIndex,
  { project, fileName }: Wheel,
  stop: AbortSignal,
): Promise<string> {
  const page = `${packages.address}/${project}/`;
  const response = await request(page, {
    headers: { ...packages.headers, accept: 'application/vnd.pypi.simple.v1+json' },
    signal: AbortSignal.any([stop, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
  });
  if (!response.ok) throw new Error(`${page} answered ${response.status}`);
  const { files } = (await response.json()) as { files: { filename: string; url: string }[] };
  const file = files.find(({ filename }) => filename === fileName);
  if (!file) throw new Error(`${page} has no ${fileName}`);
  return new URL(file.url, page).href;
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

/** Aborts what nobody wants any more, and what brings nothing: a request that hangs hears of neither. */
function watchRequest(progress: Progress): {
  readonly signal: AbortSignal;
  readonly heard: () => void;
  readonly end: () => void;
} {
  const stop = new AbortController();
  let last = performance.now();
  const timer = setInterval(() => {
    try {
      progress.check();
      if (performance.now() - last > SILENT_MS)
        throw new Error(`nothing came for ${SILENT_MS / 1000} seconds`);
    } catch (error) {
      stop.abort(error);
    }
  }, ASK_EVERY_MS);
  return {
    signal: stop.signal,
    heard: () => {
      last = performance.now();
    },
    end: () => clearInterval(timer),
  };
}

/** Appends what is missing. A server that sends the whole again starts the file anew. */
async function fetchRest(request: Request, partial: string, wheel: Wheel, progress: Progress): Promise<void> {
  const packages = packageIndex(process.env);
  const stage = `Downloading ${wheel.project} (MB)`;
  progress.report('Asking the package index', 0, null);
  const watch = watchRequest(progress);
  try {
    const address = await findAddress(request, packages, wheel, watch.signal);
    const have = await sizeOf(partial);
    const response = await request(address, {
      headers: { ...headersFor(address, packages), ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
      signal: watch.signal,
    });
    if (!response.ok || response.body === null) throw new Error(`${address} answered ${response.status}`);
    const isRest = response.status === 206;
    const handle = await open(partial, isRest ? 'a' : 'w');
    let done = isRest ? have : 0;
    const report = (): void =>
      progress.report(stage, Math.floor(done / MEGABYTE), Math.ceil(wheel.bytes / MEGABYTE));
    report();
    try {
      for await (const piece of response.body as AsyncIterable<Uint8Array>) {
        watch.heard();
        await handle.write(piece);
        done += piece.length;
        report();
      }
    } finally {
      await handle.close();
    }
  } finally {
    watch.end();
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
      await withNetwork((request) => fetchRest(request, partial, wheel, progress));
  } catch (error) {
    if (error instanceof BadInput || (error instanceof Error && error.name === 'Cancelled')) throw error;
    const cause = firstCause(error);
    const { code, message } = cause;
    if (code === 'ENOSPC')
      throw new BadInput('disk-full', 'The disk is full.', `Free some space on the disk of ${folder}.`);
    throw new BadInput(
      'download-failed',
      `${wheel.fileName} cannot be downloaded: ${message}${code && !message.includes(code) ? ` (${code})` : ''}.`,
      adviceFor(cause),
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
