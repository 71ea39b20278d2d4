/** Downloads from behind a company's proxy: a certificate of its own authority, a proxy that tunnels, a name and password. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { noProgress } from '../../../core/foundation/cancellation';
import type { Wheel } from './download';
import { downloadWheel } from './download';

const CONTENT = Buffer.from('0123456789'.repeat(1000));
const wheel: Wheel = {
  project: 'some-library',
  fileName: 'some_library-1.0.whl',
  bytes: CONTENT.length,
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
};
const VARIABLES = ['PIP_INDEX_URL', 'PIP_CERT', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** A certificate for 127.0.0.1, signed by an authority that nobody knows; the authority's own as `authority.pem`. */
function makeCertificates(folder: string): void {
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  };
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl(
    ...['req', '-x509', ...key, '-keyout', 'authority.key', '-out', 'authority.pem', '-days', '2'],
    ...['-subj', '/CN=Authority of a company'],
  );
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=127.0.0.1');
  writeFileSync(path.join(folder, 'names'), 'subjectAltName=IP:127.0.0.1');
  openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'authority.pem', '-CAkey', 'authority.key'],
    ...['-CAcreateserial', '-out', 'server.pem', '-days', '2', '-extfile', 'names'],
  );
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listen = (server: Server): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

describe.skipIf(!hasOpenssl)('downloads behind a company’s proxy (certificates by openssl)', () => {
  let folder: string;
  let index: Server;
  let proxy: Server;
  let authorizations: (string | undefined)[];
  /** What the proxy was asked for: host and port. */
  let tunnels: string[];
  let proxyStatus: number;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'reticle-network-'));
    makeCertificates(folder);
    const read = (name: string): Buffer => readFileSync(path.join(folder, name));
    index = createServer({ key: read('server.key'), cert: read('server.pem') }, (request, response) => {
      authorizations.push(request.headers.authorization);
      const page = JSON.stringify({ files: [{ filename: wheel.fileName, url: '/it.whl' }] });
      const answers = new Map<string, string | Buffer>([
        ['/simple/some-library/', page],
        ['/it.whl', CONTENT],
      ]);
      const answer = answers.get(request.url!);
      response.writeHead(answer === undefined ? 404 : 200).end(answer);
    });
    proxy = createHttpServer().on('connect', (request, socket: Socket) => {
      tunnels.push(request.url!);
      if (proxyStatus !== 200) {
        socket.end(`HTTP/1.1 ${proxyStatus} No\r\n\r\n`);
        return;
      }
      const [host, port] = request.url!.split(':') as [string, string];
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket);
        socket.pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    await Promise.all([listen(index), listen(proxy)]);
  });
  afterAll(() => {
    index.close();
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    for (const name of VARIABLES) vi.stubEnv(name, undefined);
    vi.stubEnv('PIP_INDEX_URL', `https://127.0.0.1:${portOf(index)}/simple`);
    authorizations = [];
    tunnels = [];
    proxyStatus = 200;
  });
  afterEach(() => vi.unstubAllEnvs());

  const download = async (): Promise<Buffer> => {
    const target = mkdtempSync(path.join(folder, 'target-'));
    return readFileSync(await downloadWheel(wheel, target, noProgress));
  };

  it('says what to do where the authority is unknown', async () => {
    await expect(download()).rejects.toMatchObject({
      code: 'download-failed',
      next: expect.stringContaining('PIP_CERT') as string,
    });
  });

  it('knows the authority that PIP_CERT names', async () => {
    vi.stubEnv('PIP_CERT', path.join(folder, 'authority.pem'));
    expect((await download()).equals(CONTENT)).toBe(true);
    expect(tunnels).toEqual([]);
  });

  it('names the variable whose file is not there', async () => {
    vi.stubEnv('PIP_CERT', path.join(folder, 'nowhere.pem'));
    await expect(download()).rejects.toMatchObject({
      code: 'certificates-unreadable',
      message: expect.stringContaining('PIP_CERT') as string,
    });
  });

  it('goes through the proxy that HTTPS_PROXY names', async () => {
    vi.stubEnv('PIP_CERT', path.join(folder, 'authority.pem'));
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${portOf(proxy)}`);
    expect((await download()).equals(CONTENT)).toBe(true);
    expect(new Set(tunnels)).toEqual(new Set([`127.0.0.1:${portOf(index)}`]));
  });

  it('says how to give a proxy its password', async () => {
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${portOf(proxy)}`);
    proxyStatus = 407;
    await expect(download()).rejects.toMatchObject({
      code: 'download-failed',
      next: expect.stringContaining('name:password') as string,
    });
  });

  it('hands over the name and password of the index, and tells nobody', async () => {
    vi.stubEnv('PIP_CERT', path.join(folder, 'authority.pem'));
    vi.stubEnv('PIP_INDEX_URL', `https://someone:se%40cret@127.0.0.1:${portOf(index)}/simple`);
    expect((await download()).equals(CONTENT)).toBe(true);
    const basic = `Basic ${Buffer.from('someone:se@cret').toString('base64')}`;
    expect(authorizations).toEqual([basic, basic]);
    vi.stubEnv('PIP_INDEX_URL', `https://someone:se%40cret@127.0.0.1:${portOf(index)}/elsewhere`);
    const failure = await download().catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining('answered 404') as string });
    expect(String(failure)).not.toMatch(/someone|cret/);
  });
});
