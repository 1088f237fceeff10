/**
 * Every limit that the server sets, in one place.
 *
 * @module
 */

/** The longest name of a node, in characters. The SDKs' names are at most 61. */
export const MAX_NAME_LENGTH = 255;

/** The longest key of an object, in bytes of UTF-8; S3's limit. */
export const MAX_KEY_BYTES = 1024;

/** How deep a tree may be, the user's own folder counted. */
export const MAX_DEPTH = 64;

/** The largest JSON body of a request. */
export const MAX_JSON_BODY_BYTES = 1024 * 1024;

/** How many fields a multipart/form-data body may have; clients send one. */
export const MAX_FORM_FIELDS = 16;

/** Entries a page when the client does not say. */
export const DEFAULT_PAGE_SIZE = 10;

/** The most entries a page; the SDKs ask for as many. */
export const MAX_PAGE_SIZE = 1000;

/** The highest part number of a multipart upload; S3's limit. */
export const MAX_PART_NUMBER = 10_000;

/** How long the parts of an upload that nobody completes are kept. */
export const UPLOAD_LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** How long a statement waits for another process that holds the database. */
export const BUSY_TIMEOUT_MS = 5000;

/** How much of an object is in memory while it is read. */
export const READ_CHUNK_BYTES = 64 * 1024;

/** How much of a part is in memory, twice, while parts are joined. */
export const JOIN_CHUNK_BYTES = 512 * 1024;

/** How long a shutdown waits for requests under way where nothing else was said. */
export const SHUTDOWN_GRACE_MS = 10_000;
