// The kernels of src/core/kernels/assembly, compiled to WebAssembly; kept by the signature of what goes in.
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const SOURCES = path.join(ROOT, 'src', 'core', 'kernels', 'assembly');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'kernels');
const OPTIONS = [
  ...['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
  // All threads share one memory, which the host makes: no larger than 32-bit addresses reach.
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
  // Addresses are 32 bits wide, and stay so.
  ...['--disableWarning', '201'],
];

function signature() {
  const hash = createHash('sha256').update(JSON.stringify(OPTIONS));
  hash.update(fs.readFileSync(path.join(ROOT, 'node_modules', 'assemblyscript', 'package.json')));
  for (const name of fs.readdirSync(SOURCES).sort())
    hash.update(name).update(fs.readFileSync(path.join(SOURCES, name)));
  return hash.digest('hex').slice(0, 32);
}

/** @returns {Promise<Buffer>} the module's bytes. Throws with the compiler's words where a source is wrong. */
export async function compileKernels() {
  const file = path.join(CACHE, `${signature()}.wasm`);
  if (fs.existsSync(file)) return fs.readFileSync(file);
  // By a name that TypeScript does not follow: the package's types change Array's own for the whole program.
  const compiler = 'assemblyscript/asc';
  const { default: asc } = await import(compiler);
  fs.mkdirSync(CACHE, { recursive: true });
  // Two bundles of one process may compile at once.
  const own = `${file}.${process.pid}-${randomUUID()}`;
  const { error, stderr } = await asc.main([
    path.join(SOURCES, 'index.ts'),
    '--outFile',
    path.relative(process.cwd(), own),
    ...OPTIONS,
  ]);
  if (error) throw new Error(`The kernels do not compile: ${error.message}\n${stderr.toString()}`);
  fs.renameSync(own, file);
  return fs.readFileSync(file);
}
