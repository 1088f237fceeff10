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

/** The longest header of a field of such a body. */
export const MAX_FORM_HEADER_BYTES = 16 * 1024;

/** How much of a body is in memory, twice, while it is received; and of a file, while its checksum is made. */
export const BUFFER_BYTES = 512 * 1024;

/** How many such buffers are kept for the next one. */
export const KEPT_BUFFERS = 16;

/** How much of a short body is in memory. Longer than the longest header of a field with the boundary before it. */
export const MIN_BODY_BUFFER_BYTES = 32 * 1024;

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
export const READ_CHUNK_BYTES = 256 * 1024;

/** Up to this length what is appended goes behind the last bytes in their file; what is longer is a file of its own. */
export const APPEND_BUFFER_BYTES = 256 * 1024;

/** For how many objects the state of the checksum is kept, so that an append costs no more than its own bytes. */
export const KEPT_HASHES = 1024;

/** For how many uploads in parts the checksum of the whole is made while the parts arrive. */
export const KEPT_PREFIXES = 64;

/** How long a shutdown waits for requests under way where nothing else was said. */
export const SHUTDOWN_GRACE_MS = 10_000;
