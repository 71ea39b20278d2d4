/** Reports: written as they are, or printed by a page that nobody sees, that runs no script and reaches nothing. */
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { BrowserWindow, session } from 'electron';
import type { Session } from 'electron';
import { PAGE_ORIGIN, PAGE_SCHEME } from '../contract/channels';
import { BadInput } from '../core/foundation/bad-input';
import { pageHeaders } from './content-policy';
import { hardenSession, SECURE_PREFERENCES } from './hardening';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export async function writeReport(target: string, as: 'html' | 'pdf', html: string): Promise<void> {
  await writeWhole(target, as === 'html' ? Buffer.from(html) : await printed(html));
}

/** Documents that are being printed, by address. */
const documents = new Map<string, string>();
let served: Session | null = null;

/** A session of its own, kept in memory: it serves these documents and nothing else. */
function printingSession(): Session {
  if (served) return served;
  served = session.fromPartition('report', { cache: false });
  hardenSession(served, null);
  served.protocol.handle(PAGE_SCHEME, ({ url }) => {
    const html = documents.get(url);
    return html === undefined
      ? new Response(null, { status: 404 })
      : new Response(html, { headers: pageHeaders('text/html; charset=utf-8', POLICY) });
  });
  return served;
}

/** The document as a PDF. */
async function printed(html: string): Promise<Uint8Array> {
  const address = `${PAGE_ORIGIN}/${randomUUID()}`;
  documents.set(address, html);
  const window = new BrowserWindow({
    show: false,
    webPreferences: { ...SECURE_PREFERENCES, session: printingSession(), javascript: false },
  });
  try {
    await window.loadURL(address);
    return await window.webContents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      margins: { top: 0.6, bottom: 0.6, left: 0.6, right: 0.6 },
    });
  } finally {
    window.destroy();
    documents.delete(address);
  }
}

async function writeWhole(target: string, bytes: Uint8Array): Promise<void> {
  const partial = `${target}.partial-${randomUUID().slice(0, 8)}`;
  try {
    const handle = await open(partial, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw new BadInput(
      'report-not-written',
      `The report could not be written (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'}).`,
      'Choose another place, or free some space; nothing was left behind.',
      { file: target },
    );
  }
}
