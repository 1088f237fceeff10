/**
 * The tables, as a list of steps from each version of the database to the next.
 *
 * @module
 */

/**
 * Step `n` brings a database from `user_version` n to n + 1. A step that was released is never changed.
 *
 * A node's path is not stored: it is the names on the way from its user's root, so that a rename is one row.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE users (
    name TEXT PRIMARY KEY,
    created TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE api_keys (
    hash TEXT PRIMARY KEY,
    user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    created TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE nodes (
    id TEXT PRIMARY KEY,
    parent_id TEXT REFERENCES nodes ON DELETE CASCADE,
    owner TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    storage_type INTEGER NOT NULL,
    labels TEXT NOT NULL,
    description TEXT NOT NULL,
    extra TEXT NOT NULL,
    editor TEXT NOT NULL,
    modified TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX nodes_by_name ON nodes (parent_id, name);
  CREATE UNIQUE INDEX roots_by_name ON nodes (name) WHERE parent_id IS NULL;

  CREATE TABLE objects (
    node_id TEXT NOT NULL REFERENCES nodes ON DELETE CASCADE,
    key TEXT NOT NULL,
    file TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    md5 TEXT NOT NULL,
    content_type TEXT NOT NULL,
    mtime INTEGER NOT NULL,
    PRIMARY KEY (node_id, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    node_id TEXT NOT NULL REFERENCES nodes ON DELETE CASCADE,
    key TEXT NOT NULL,
    created TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX uploads_by_node ON uploads (node_id);

  CREATE TABLE parts (
    upload_id TEXT NOT NULL REFERENCES uploads ON DELETE CASCADE,
    number INTEGER NOT NULL,
    file TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    md5 TEXT NOT NULL,
    PRIMARY KEY (upload_id, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE edges (
    from_id TEXT NOT NULL REFERENCES nodes ON DELETE CASCADE,
    to_id TEXT NOT NULL REFERENCES nodes ON DELETE CASCADE,
    PRIMARY KEY (from_id, to_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX edges_by_target ON edges (to_id);
  `,
  // An object became a list of files; it is known by the name of the first. A part's checksum may be any.
  `
  CREATE TABLE segments (
    object TEXT NOT NULL REFERENCES objects (file) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    file TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    PRIMARY KEY (object, number)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO segments SELECT file, 0, file, size FROM objects;

  ALTER TABLE parts RENAME COLUMN md5 TO etag;
  `,
  // An edge may lead from or to a version of an asset: a branch, a tag or a commit.
  `
  ALTER TABLE edges RENAME TO edges_without_versions;
  CREATE TABLE edges (
    from_id TEXT NOT NULL REFERENCES nodes ON DELETE CASCADE,
    from_version TEXT NOT NULL,
    to_id TEXT NOT NULL REFERENCES nodes ON DELETE CASCADE,
    to_version TEXT NOT NULL,
    PRIMARY KEY (from_id, from_version, to_id, to_version)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO edges SELECT from_id, '', to_id, '' FROM edges_without_versions;
  DROP TABLE edges_without_versions;
  CREATE INDEX edges_by_target ON edges (to_id);
  `,
  // Nodes are shared with users; a share without a user is for everyone.
  `
  CREATE TABLE shares (
    node_id TEXT NOT NULL REFERENCES nodes ON DELETE CASCADE,
    user TEXT REFERENCES users ON DELETE CASCADE,
    permission TEXT NOT NULL CHECK (permission IN ('view', 'edit'))
  ) STRICT;
  CREATE UNIQUE INDEX shares_by_node ON shares (node_id, ifnull(user, ''));
  CREATE INDEX shares_by_user ON shares (user);
  `,
  // API keys got names, an expiry and their last use; browsers have sessions; a user is removed in two steps.
  `
  ALTER TABLE users ADD COLUMN removed TEXT;
  ALTER TABLE api_keys ADD COLUMN name TEXT NOT NULL DEFAULT 'key-1';
  ALTER TABLE api_keys ADD COLUMN last_used TEXT;
  ALTER TABLE api_keys ADD COLUMN expires TEXT;
  CREATE UNIQUE INDEX api_keys_by_name ON api_keys (user, name);
  CREATE INDEX nodes_by_owner ON nodes (owner);

  CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    key TEXT NOT NULL REFERENCES api_keys (hash) ON DELETE CASCADE,
    created TEXT NOT NULL,
    expires TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_by_key ON sessions (key);
  `,
];
