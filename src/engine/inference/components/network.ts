/**
 * Requests as this system makes them: its certificates, those that the user names, and its proxies. Node's own `fetch`
 * knows none of them where the app is packaged, so that a company's proxy would end every download.
 */
import { existsSync, readFileSync } from 'node:fs';
import tls from 'node:tls';
import type { RequestInit, Response } from 'undici';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { BadInput } from '../../../core/foundation/bad-input';

/** Files of certificates that pip, Node, OpenSSL, Python's requests and curl are told of. */
const CERTIFICATE_VARIABLES = [
  'PIP_CERT',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
] as const;

/** Where Linux systems keep the certificates they trust: Debian, Fedora, openSUSE, RHEL, Alpine. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

const certificatesIn = (text: string): readonly string[] =>
  text.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g) ?? [];

function namedCertificates(env: NodeJS.ProcessEnv): readonly string[] {
  return CERTIFICATE_VARIABLES.flatMap((name) => {
    const file = env[name];
    if (!file) return [];
    try {
      return certificatesIn(readFileSync(file, 'utf8'));
    } catch (error) {
      throw new BadInput(
        'certificates-unreadable',
        `${name} names certificates that cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
        `Give ${name} the path of a PEM file, or unset it.`,
        { file },
      );
    }
  });
}

/** From Node 22 on it reads the system's store itself, also where that is no file (Windows, macOS). */
function systemCertificates(): readonly string[] {
  const ask = (tls as { getCACertificates?: typeof tls.getCACertificates }).getCACertificates;
  const bundle = SYSTEM_BUNDLES.find((file) => existsSync(file));
  try {
    return [
      ...(ask?.('system') ?? []),
      ...(bundle === undefined ? [] : certificatesIn(readFileSync(bundle, 'utf8'))),
    ];
  } catch {
    return [];
  }
}

/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in capitals or not, are read from the process's own environment. */
function openAgent(env: NodeJS.ProcessEnv): EnvHttpProxyAgent {
  const known = [...tls.rootCertificates, ...systemCertificates(), ...namedCertificates(env)];
  const secureContext = tls.createSecureContext({ ca: [...new Set(known.map((text) => text.trim()))] });
  return new EnvHttpProxyAgent({
    connect: { secureContext },
    requestTls: { secureContext },
    proxyTls: { secureContext },
  });
}

/** One agent for the requests of one download. */
export async function withNetwork<T>(
  work: (request: (address: string, init?: RequestInit) => Promise<Response>) => Promise<T>,
): Promise<T> {
  const dispatcher = openAgent(process.env);
  try {
    return await work((address, init) => fetch(address, { ...init, dispatcher }));
  } finally {
    // What was broken off has open connections, whose end nobody waits for.
    void dispatcher.destroy().catch(() => undefined);
  }
}

const UNKNOWN_AUTHORITY = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Code and words of the first cause: `fetch` itself only says that it failed. */
export function firstCause(error: unknown): { readonly code: string | null; readonly message: string } {
  let at = error as { cause?: unknown; errors?: unknown[]; code?: unknown; message?: string };
  for (let depth = 0; depth < 8; depth++) {
    const inner = at.cause ?? at.errors?.[0];
    if (inner === null || typeof inner !== 'object') break;
    at = inner;
  }
  return {
    code: typeof at.code === 'string' ? at.code : null,
    message: (at.message ?? String(error)).split('\n')[0]!,
  };
}

/** What the user can do about a request that failed. */
export function adviceFor({ code, message }: ReturnType<typeof firstCause>): string {
  if (code !== null && UNKNOWN_AUTHORITY.has(code))
    return 'The certificate comes from an authority that this system does not know, as behind a company’s proxy. Ask for its certificate as a PEM file, name the file in PIP_CERT (or add it to the system’s certificates) and try again.';
  if (message.includes('(407)'))
    return 'The proxy wants a name and a password: HTTPS_PROXY=http://name:password@host:port.';
  return 'Try again: it goes on where it stopped. PIP_INDEX_URL names another package index, HTTPS_PROXY a proxy.';
}
