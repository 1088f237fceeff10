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
  // Several objects may share files, and a trash keeps files, too. What nothing refers to any more is written down.
  `
  CREATE TABLE segments_of_one (
    object TEXT NOT NULL REFERENCES objects (file) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    file TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (object, number)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO segments_of_one SELECT object, number, file, size FROM segments;
  DROP TABLE segments;
  ALTER TABLE segments_of_one RENAME TO segments;
  CREATE INDEX segments_by_file ON segments (file);
  CREATE INDEX objects_by_content ON objects (md5, size) WHERE size >= 65536;

  CREATE TABLE trash (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    parent_id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    path TEXT NOT NULL,
    editor TEXT NOT NULL,
    deleted TEXT NOT NULL,
    height INTEGER NOT NULL,
    nodes INTEGER NOT NULL,
    objects INTEGER NOT NULL,
    size INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX trash_by_owner ON trash (owner, deleted);
  CREATE INDEX trash_by_time ON trash (deleted);

  CREATE TABLE trashed_nodes (
    id TEXT PRIMARY KEY,
    trash_id TEXT NOT NULL REFERENCES trash ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX trashed_nodes_by_trash ON trashed_nodes (trash_id);

  CREATE TABLE trashed_rows (
    trash_id TEXT NOT NULL REFERENCES trash ON DELETE CASCADE,
    kind TEXT NOT NULL,
    row TEXT NOT NULL
  ) STRICT;
  CREATE INDEX trashed_rows_by_trash ON trashed_rows (trash_id, kind);

  CREATE TABLE trashed_files (
    trash_id TEXT NOT NULL REFERENCES trash ON DELETE CASCADE,
    file TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (trash_id, file)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX trashed_files_by_file ON trashed_files (file);

  CREATE VIEW file_uses AS
    SELECT file, size FROM segments
    UNION ALL SELECT file, size FROM parts
    UNION ALL SELECT file, size FROM trashed_files;

  CREATE TABLE unused_files (
    file TEXT PRIMARY KEY,
    since INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER segment_used AFTER INSERT ON segments
  BEGIN DELETE FROM unused_files WHERE file = NEW.file; END;
  CREATE TRIGGER part_used AFTER INSERT ON parts
  BEGIN DELETE FROM unused_files WHERE file = NEW.file; END;
  CREATE TRIGGER trashed_file_used AFTER INSERT ON trashed_files
  BEGIN DELETE FROM unused_files WHERE file = NEW.file; END;

  CREATE TRIGGER segment_dropped AFTER DELETE ON segments
  WHEN NOT EXISTS (SELECT 1 FROM file_uses WHERE file = OLD.file)
  BEGIN INSERT OR REPLACE INTO unused_files VALUES (OLD.file, unixepoch()); END;
  CREATE TRIGGER part_dropped AFTER DELETE ON parts
  WHEN NOT EXISTS (SELECT 1 FROM file_uses WHERE file = OLD.file)
  BEGIN INSERT OR REPLACE INTO unused_files VALUES (OLD.file, unixepoch()); END;
  CREATE TRIGGER part_replaced AFTER UPDATE OF file ON parts
  WHEN NOT EXISTS (SELECT 1 FROM file_uses WHERE file = OLD.file)
  BEGIN INSERT OR REPLACE INTO unused_files VALUES (OLD.file, unixepoch()); END;
  CREATE TRIGGER trashed_file_dropped AFTER DELETE ON trashed_files
  WHEN NOT EXISTS (SELECT 1 FROM file_uses WHERE file = OLD.file)
  BEGIN INSERT OR REPLACE INTO unused_files VALUES (OLD.file, unixepoch()); END;
  `,
  // What is in the trash stays where it is, cut off from its folder. What other processes change is told to the server.
  `
  INSERT INTO nodes SELECT row ->> 'id',
    CASE WHEN row ->> 'id' = trash_id THEN NULL ELSE row ->> 'parent_id' END, row ->> 'owner',
    CASE WHEN row ->> 'id' = trash_id THEN '/' || trash_id ELSE row ->> 'name' END,
    row ->> 'type', row ->> 'storage_type', row ->> 'labels', row ->> 'description', row ->> 'extra',
    row ->> 'editor', row ->> 'modified'
  FROM trashed_rows WHERE kind = 'nodes';
  INSERT INTO objects SELECT row ->> 'node_id', row ->> 'key', row ->> 'file', row ->> 'size', row ->> 'md5',
    row ->> 'content_type', row ->> 'mtime'
  FROM trashed_rows WHERE kind = 'objects';
  INSERT INTO segments SELECT row ->> 'object', row ->> 'number', row ->> 'file', row ->> 'size'
  FROM trashed_rows WHERE kind = 'segments';
  INSERT INTO shares SELECT row ->> 'node_id', row ->> 'user', row ->> 'permission'
  FROM trashed_rows WHERE kind = 'shares'
    AND (row ->> 'user' IS NULL OR row ->> 'user' IN (SELECT name FROM users));
  INSERT OR IGNORE INTO edges SELECT row ->> 'from_id', row ->> 'from_version', row ->> 'to_id', row ->> 'to_version'
  FROM trashed_rows WHERE kind = 'edges'
    AND row ->> 'from_id' IN (SELECT id FROM nodes) AND row ->> 'to_id' IN (SELECT id FROM nodes);

  DROP VIEW file_uses;
  DROP TABLE trashed_files;
  DROP TABLE trashed_rows;
  DROP TABLE trashed_nodes;
  CREATE VIEW file_uses AS
    SELECT file, size FROM segments
    UNION ALL SELECT file, size FROM parts;

  ALTER TABLE trash ADD COLUMN marked INTEGER NOT NULL DEFAULT 0;

  CREATE TABLE outside_changes (
    seq INTEGER PRIMARY KEY,
    node TEXT NOT NULL,
    parent TEXT NOT NULL
  ) STRICT;
  `,
  // What a file holds has a checksum that costs next to nothing; it is not known of what was stored before.
  `
  ALTER TABLE segments ADD COLUMN crc32 INTEGER;
  `,
];
