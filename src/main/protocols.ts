/** Serves the interface (`app://reticle`) and pixels by id (`app-image://image`). */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { net, protocol } from 'electron';
import type { Session } from 'electron';
import { IMAGE_SCHEME, PAGE_ORIGIN, PAGE_SCHEME } from '../contract/channels';
import type { PixelRequest, Pixels } from '../contract/host-messages';
import { parseImageAddress, parsePageAddress } from './addresses';
import { CONTENT_POLICY, DEVELOPMENT_POLICY, pageHeaders } from './content-policy';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Must run before `ready`. Neither scheme bypasses the content policy. */
export function registerSchemes(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true };
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { ...privileges, codeCache: true } },
    { scheme: IMAGE_SCHEME, privileges: { ...privileges, corsEnabled: true } },
  ]);
}

export interface ProtocolSources {
  /** Folder of the built interface. */
  readonly pages: string;
  /** Address of the development server; null in anything built. */
  readonly developmentServer: string | null;
  readonly pixels: (request: PixelRequest) => Promise<Pixels>;
  readonly log: (text: string) => void;
}

const refuse = (status: number): Response => new Response(null, { status });

async function servePage(request: Request, sources: ProtocolSources): Promise<Response> {
  const file = parsePageAddress(request.url, sources.pages);
  if (request.method !== 'GET' || file === null) return refuse(403);
  if (sources.developmentServer !== null) return serveFromDevelopment(request, sources.developmentServer);
  try {
    const type = MEDIA_TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
    return new Response(await readFile(file), { headers: pageHeaders(type, CONTENT_POLICY) });
  } catch {
    return refuse(404);
  }
}

async function serveFromDevelopment(request: Request, server: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const answer = await net.fetch(new URL(pathname + search, server).href, {
    bypassCustomProtocolHandlers: true,
  });
  const type = answer.headers.get('Content-Type') ?? 'application/octet-stream';
  return new Response(answer.body, { status: answer.status, headers: pageHeaders(type, DEVELOPMENT_POLICY) });
}

async function serveImage(request: Request, sources: ProtocolSources): Promise<Response> {
  const wanted = parseImageAddress(request.url);
  if (request.method !== 'GET' || wanted === null) return refuse(400);
  try {
    const { type, bytes } = await sources.pixels(wanted);
    return new Response(new Uint8Array(bytes), {
      headers: {
        'Content-Type': type,
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
        // The canvas may read what it drew; nobody else may.
        'Access-Control-Allow-Origin': PAGE_ORIGIN,
      },
    });
  } catch (error) {
    sources.log(`No pixels for image ${wanted.image}: ${String(error)}`);
    return refuse(404);
  }
}

/** Answers both schemes in the given session. */
export function serveProtocols(session: Session, sources: ProtocolSources): void {
  session.protocol.handle(PAGE_SCHEME, (request) => servePage(request, sources));
  session.protocol.handle(IMAGE_SCHEME, (request) => serveImage(request, sources));
}
