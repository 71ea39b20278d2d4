/**
 * The content security policy of the window and the headers that go with it. No inline or evaluated script, no network,
 * no frames; `wasm-unsafe-eval` only lets WebAssembly compile. Inline styles are needed by the positioning of menus and
 * virtual lists.
 */
export const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' app-image: blob: data:",
  "connect-src 'self'",
  "font-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** While developing only: the development server injects a script and talks over a web socket. */
export const DEVELOPMENT_POLICY = CONTENT_POLICY.replace(
  "'wasm-unsafe-eval'",
  "'wasm-unsafe-eval' 'unsafe-inline'",
).replace("connect-src 'self'", "connect-src 'self' ws://localhost:* ws://127.0.0.1:*");

/** Headers of every answer under `app://`. */
export function pageHeaders(type: string, policy: string): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
}
