/** Frozen: never edit a step that was released; add the next one. */
export const FIRST = `
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE images (
  key INTEGER PRIMARY KEY,
  record_id TEXT NOT NULL,            -- JSON: number or text, as in the source
  file_name TEXT NOT NULL UNIQUE,     -- relative, with /
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  orientation INTEGER NOT NULL DEFAULT 1,
  bytes INTEGER,                      -- size of the file; NULL where it was not found
  hash TEXT,                          -- SHA-256 of the file
  location TEXT,                      -- path relative to the image root; NULL where it was not found
  status TEXT NOT NULL DEFAULT 'to-do',
  note TEXT NOT NULL DEFAULT '',
  extra TEXT
) STRICT;
CREATE INDEX images_by_hash ON images (hash);

CREATE TABLE categories (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  extra TEXT
) STRICT;

CREATE TABLE annotations (
  id INTEGER PRIMARY KEY,
  image INTEGER NOT NULL REFERENCES images (key),
  category INTEGER NOT NULL REFERENCES categories (id),
  x REAL NOT NULL,
  y REAL NOT NULL,
  width REAL NOT NULL,
  height REAL NOT NULL,
  area REAL NOT NULL,
  flags INTEGER NOT NULL,
  position INTEGER NOT NULL,          -- order within the dataset: it decides ties between equal overlaps
  extra TEXT
) STRICT;
CREATE INDEX annotations_by_image ON annotations (image, position);

CREATE TABLE subsets (
  name TEXT NOT NULL,
  image INTEGER NOT NULL REFERENCES images (key),
  PRIMARY KEY (name, image)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  imported_at TEXT NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0  -- kept, so that removing can be undone
) STRICT;

CREATE TABLE predictions (            -- one packed record a run and image (packing: store/predictions.ts)
  run INTEGER NOT NULL REFERENCES runs (id),
  image INTEGER NOT NULL,
  count INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (run, image)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdicts (               -- what was decided about a failure: 'p:RUN:INDEX' or 'a:ID'
  target TEXT PRIMARY KEY,
  status TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE views (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  query TEXT NOT NULL
) STRICT;

CREATE TABLE edit_log (               -- append-only
  step INTEGER PRIMARY KEY,
  time TEXT NOT NULL,
  author TEXT NOT NULL,
  action TEXT NOT NULL,
  label TEXT NOT NULL,
  of INTEGER REFERENCES edit_log (step),
  changes TEXT NOT NULL,              -- JSON: record changes, before and after
  scores TEXT NOT NULL                -- JSON
) STRICT;
CREATE TRIGGER edit_log_is_append_only BEFORE UPDATE OF step, time, author, action, label, of, changes ON edit_log
BEGIN SELECT RAISE(ABORT, 'the edit log is append-only'); END;
CREATE TRIGGER edit_log_keeps_all BEFORE DELETE ON edit_log
BEGIN SELECT RAISE(ABORT, 'the edit log is append-only'); END;

CREATE TABLE snapshots (              -- the ground truth before or after an import step, packed, for undo and redo
  step INTEGER NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('before', 'after')),
  data BLOB NOT NULL,
  PRIMARY KEY (step, side)
) STRICT;

CREATE TABLE evaluations (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (id),
  step INTEGER NOT NULL,
  time TEXT NOT NULL,
  protocol TEXT NOT NULL,
  parameters TEXT NOT NULL,
  metrics TEXT NOT NULL
) STRICT;
CREATE INDEX evaluations_by_run ON evaluations (run, protocol, step);
`;
