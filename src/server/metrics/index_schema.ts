/**
 * The tables of the index.
 *
 * @module
 */

/** The version of the tables and of what they mean. An index of another version is made anew. */
export const INDEX_VERSION = 2;

/**
 * A run has sources, which are objects that were read: documents, from which facts are taken, and metrics files, which hold
 * series. The rows of `blocks` are those of {@link ./blocks.ts}. `seq` counts changes over all
 * runs; it begins with the time, so that what another index counted is not met again.
 */
export const INDEX_SCHEMA = `
  CREATE TABLE counters (seq INTEGER NOT NULL) STRICT;
  INSERT INTO counters VALUES (1000 * unixepoch());

  CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    node TEXT NOT NULL UNIQUE,
    seq INTEGER NOT NULL,
    status TEXT,
    started REAL,
    ended REAL,
    alternative TEXT,
    types TEXT NOT NULL DEFAULT '[]',
    search TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX runs_by_seq ON runs (seq);

  CREATE TABLE sources (
    run INTEGER NOT NULL REFERENCES runs,
    key TEXT NOT NULL,
    size INTEGER NOT NULL,
    md5 TEXT NOT NULL,
    file TEXT NOT NULL,
    type TEXT,
    generation INTEGER NOT NULL,
    parsed INTEGER NOT NULL,
    rewind TEXT NOT NULL,
    records INTEGER NOT NULL,
    torn INTEGER NOT NULL,
    problem TEXT,
    PRIMARY KEY (run, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE columns (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    UNIQUE (kind, path)
  ) STRICT;

  CREATE TABLE facts (
    column INTEGER NOT NULL REFERENCES columns,
    run INTEGER NOT NULL REFERENCES runs,
    position INTEGER NOT NULL,
    type TEXT NOT NULL,
    num REAL,
    text TEXT,
    PRIMARY KEY (column, run)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX facts_by_run ON facts (run);

  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs,
    column INTEGER NOT NULL REFERENCES columns,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    count INTEGER NOT NULL,
    first REAL,
    last REAL,
    min REAL,
    max REAL,
    mean REAL,
    nan INTEGER NOT NULL,
    pos_inf INTEGER NOT NULL,
    neg_inf INTEGER NOT NULL,
    summary BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX series_by_column ON series (column, run);
  CREATE INDEX series_by_run ON series (run);

  CREATE TABLE blocks (
    id INTEGER PRIMARY KEY,
    data BLOB NOT NULL
  ) STRICT;
`;
