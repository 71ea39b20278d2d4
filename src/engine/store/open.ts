/** Opens project files: one SQLite file, owned by one process at a time, refused with a clear message where it is not ours. */
import { accessSync, closeSync, constants, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { BadInput } from '../../core/foundation/bad-input';
import { assertNotNewer, migrate } from './migrate';

/** 'Retl' in the file's header says whose SQLite file it is. */
export const APPLICATION_ID = 0x5265746c;
/** The first SQLite without the race that could lose a write-ahead log. */
const OLDEST_SQLITE = [3, 51, 3] as const;
const HEADER = 'SQLite format 3\u0000';

export type ProjectDatabase = Database.Database;

function connect(file: string, options: Database.Options = {}): ProjectDatabase {
  const nativeBinding = process.env['RETICLE_SQLITE_BINDING'];
  return new Database(file, nativeBinding ? { ...options, nativeBinding } : options);
}

function assertVersion(db: ProjectDatabase): void {
  const text = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  const have = text.split('.').map(Number);
  for (const [i, least] of OLDEST_SQLITE.entries()) {
    if (have[i]! > least) return;
    if (have[i]! < least) throw new Error(`SQLite ${text} is too old: it can lose a write-ahead log.`);
  }
}

/**
 * One process owns the file, and a crash frees it. Set before anything is read: a connection that has read the
 * write-ahead log in the normal mode takes the lock only when it first writes.
 */
function own(db: ProjectDatabase): void {
  db.pragma('locking_mode = EXCLUSIVE');
}

/** FULL: what was acknowledged survives a power cut. */
function configure(db: ProjectDatabase): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
}

const isSqliteError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('SQLITE');

const notWritable = (file: string): BadInput =>
  new BadInput(
    'project-not-writable',
    'The project cannot be written.',
    'Give yourself write access to the file and its folder, or copy it elsewhere.',
    { file },
  );

/** SQLite's log lies beside the file: both have to be writable. */
function assertWritable(file: string): void {
  try {
    accessSync(file, constants.W_OK);
    accessSync(path.dirname(file), constants.W_OK);
  } catch {
    throw notWritable(file);
  }
}

/** Says what an error of SQLite means for the user; anything else is thrown as it is. */
function explain(error: unknown, file: string): never {
  if (!isSqliteError(error)) throw error;
  const where = { file };
  const { code } = error;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    throw new BadInput(
      'project-in-use',
      'The project is open in another Reticle.',
      'Close it there, or work there.',
      where,
    );
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_CANTOPEN' || code === 'SQLITE_PERM')
    throw notWritable(file);
  if (code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR')) {
    throw new BadInput(
      'project-disk',
      `The disk did not take or give the project's data (${code}).`,
      'Free some space or check the disk; nothing was half written.',
      where,
    );
  }
  throw new BadInput(
    'project-damaged',
    'The project file is damaged.',
    'Open a backup or a saved copy, or write what is readable into a new file: reticle project repair FILE --to NEW.',
    where,
  );
}

function readHeader(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(16);
    readSync(descriptor, bytes, 0, 16, 0);
    return bytes.toString('latin1');
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a new project file. A file that is there already is never touched. */
export function createProjectFile(file: string): ProjectDatabase {
  if (existsSync(file)) {
    throw new BadInput(
      'project-exists',
      'There is a file of that name already.',
      'Choose another name, or open it.',
      { file },
    );
  }
  if (!existsSync(path.dirname(file))) {
    throw new BadInput(
      'folder-missing',
      'The folder for the project is not there.',
      'Make it first, or choose another.',
      { file: path.dirname(file) },
    );
  }
  let db: ProjectDatabase | null = null;
  try {
    db = connect(file);
    own(db);
    assertVersion(db);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    configure(db);
    migrate(db, file);
    return db;
  } catch (error) {
    db?.close();
    rmSync(file, { force: true });
    return explain(error, file);
  }
}

/** Refuses what is not there, or is no SQLite file. */
function assertSqliteFile(file: string): void {
  if (!existsSync(file)) {
    throw new BadInput(
      'project-missing',
      'There is no such project.',
      'Check the path, or make a new project.',
      { file },
    );
  }
  if (statSync(file).isDirectory() || readHeader(file) !== HEADER) {
    throw new BadInput(
      'not-a-project',
      'The file is not a Reticle project.',
      'Open a .reticle file; datasets are imported.',
      { file },
    );
  }
}

function assertOurs(db: ProjectDatabase, file: string): void {
  if ((db.pragma('application_id', { simple: true }) as number) === APPLICATION_ID) return;
  throw new BadInput(
    'not-a-project',
    'The file is an SQLite database of another program.',
    'Choose a .reticle file. Nothing was changed.',
    { file },
  );
}

/** Opens a project file, after checking that it is one, of this version or older, and sound. */
export function openProjectFile(file: string): ProjectDatabase {
  assertSqliteFile(file);
  assertWritable(file);
  let db: ProjectDatabase | null = null;
  try {
    db = connect(file);
    own(db);
    assertVersion(db);
    assertOurs(db, file);
    configure(db);
    const soundness = db.pragma('quick_check(1)', { simple: true }) as string;
    if (soundness !== 'ok') throw Object.assign(new Error(soundness), { code: 'SQLITE_CORRUPT' });
    migrate(db, file);
    return db;
  } catch (error) {
    db?.close();
    return explain(error, file);
  }
}

/**
 * Reads a project file as it lies there, sound or not, and leaves it and its folder so. Throws `BadInput` where it is no
 * project, is newer than this version, or belongs to another process now.
 */
export function readAsItIs<T>(file: string, work: (db: ProjectDatabase) => T): T {
  assertSqliteFile(file);
  const made = [`${file}-wal`, `${file}-shm`].filter((name) => !existsSync(name));
  let db: ProjectDatabase | null = null;
  try {
    db = connect(file, { readonly: true });
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    assertOurs(db, file);
    assertNotNewer(db, file);
    return work(db);
  } catch (error) {
    return explain(error, file);
  } finally {
    db?.close();
    for (const name of made) rmSync(name, { force: true });
  }
}

/** Runs a write; SQLite's errors come out as what they mean for the user. */
export function writing<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    return explain(error, file);
  }
}

/** Folds the log back into the file and closes it. */
export function closeProjectFile(db: ProjectDatabase): void {
  if (!db.open) return;
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}
