/**
 * Every limit that the server sets, in one place.
 *
 * @module
 */

/** The longest name of a node, in characters. The SDKs' names are at most 61. */
export const MAX_NAME_LENGTH = 255;

/** How large the first part of an upload may be for the parts to be summed up while they arrive, and not by a thread, in bytes. */
export const LANE_BYTES = 4 * 1024 * 1024;

/** The longest key of an object, in bytes of UTF-8; S3's limit. */
export const MAX_KEY_BYTES = 1024;

/** How deep a tree may be, the user's own folder counted. */
export const MAX_DEPTH = 64;

/** The longest description of a node, in bytes of UTF-8. */
export const MAX_DESCRIPTION_BYTES = 256 * 1024;

/** The longest `extra` of a node, in bytes of UTF-8. */
export const MAX_EXTRA_BYTES = 64 * 1024;

/** The most labels of a node. */
export const MAX_LABELS = 256;

/** The longest label, in characters. */
export const MAX_LABEL_LENGTH = 256;

/** With how many users one node may be shared, everyone counted as one. */
export const MAX_SHARES = 256;

/** The longest text to search for, in characters. */
export const MAX_SEARCH_LENGTH = 256;

/** How often a filter of a listing may be named, such as `label`. */
export const MAX_FILTER_VALUES = 32;

/** The most nodes in the answer about a connected component, and how many when the client does not say. */
export const MAX_GRAPH_NODES = 1000;

/** The largest JSON body of a request. */
export const MAX_JSON_BODY_BYTES = 1024 * 1024;

/** How many fields a multipart/form-data body may have; clients send one. */
export const MAX_FORM_FIELDS = 16;

/** The longest header of a field of such a body. */
export const MAX_FORM_HEADER_BYTES = 16 * 1024;

/** The longest boundary of such a body (RFC 2046): to look for a long one among bytes like it takes long. */
export const MAX_BOUNDARY_LENGTH = 70;

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

/** How long a browser stays signed in. */
export const SESSION_LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** How many browsers may be signed in with one API key; of more, the oldest are signed out. */
export const MAX_SESSIONS_PER_KEY = 50;

/** How many unknown API keys an address may send in a row. */
export const FAILED_KEYS_BURST = 20;

/** After how long it may send one more. */
export const FAILED_KEYS_INTERVAL_MS = 3000;

/** How many addresses are remembered that sent unknown keys, and how many that sent good ones. */
export const REMEMBERED_ADDRESSES = 4096;

/** How many requests are worked on at once; an answer that is still being sent does not count. */
export const MAX_ACTIVE_REQUESTS = 256;

/** How many more wait for their turn. */
export const MAX_QUEUED_REQUESTS = 1024;

/** How long a request waits for its turn at most. */
export const MAX_QUEUE_MS = 30_000;

/** How long a client may stand still while its body is awaited. */
export const BODY_PATIENCE_MS = 60_000;

/** The rate that a client must keep up in the long run while its body is awaited. */
export const MIN_CLIENT_BYTES_PER_S = 512;

/**
 * How long a client may take nothing of a download. The system takes up to 4 MiB ahead of the client and asks for more
 * in large steps only: over a link of 20 kB/s more than a minute apart.
 */
export const DOWNLOAD_PATIENCE_MS = 300_000;

/** From which length on an answer in text is compressed. */
export const MIN_COMPRESSED_BYTES = 1400;

/** Up to which length an object is compressed, at about 45 MB/s: longer ones would take the thread from others. */
export const MAX_COMPRESSED_BYTES = 16 * 1024 * 1024;

/** Up to which length an answer is compressed in one go, which takes a millisecond. */
export const MAX_COMPRESSED_AT_ONCE_BYTES = 256 * 1024;

/** With less space than this left for its data, a server calls itself unhealthy. */
export const MIN_FREE_BYTES = 64 * 1024 * 1024;

/** For how long the result of a health check counts. */
export const HEALTH_LIFETIME_MS = 2000;

/** For how long counts of what is stored count. */
export const STORE_FACTS_LIFETIME_MS = 30_000;

/** How long lines of the access log are gathered before they are written. */
export const LOG_FLUSH_MS = 200;

/** How many bytes of lines wait to be written; of more, lines are left out and counted. */
export const MAX_LOG_QUEUE_BYTES = 4 * 1024 * 1024;

/** How often it is looked whether the access log was moved away. */
export const LOG_ROTATION_CHECK_MS = 1000;

/** How long the end of a server waits for the access log. */
export const LOG_CLOSE_MS = 2000;

/** How long a file is kept after its last use, for readers in other processes. */
export const UNUSED_GRACE_MS = 5000;

/** How many unused files are removed at once. */
export const FILES_AT_ONCE = 256;

/** From this length on, what objects have in common is stored once. The database has an index of such objects. */
export const MIN_SHARED_BYTES = 64 * 1024;

/** How much of two objects is compared at once. */
export const COMPARE_CHUNK_BYTES = 256 * 1024;

/** How many objects wait at most to be compared with others; what is not compared then is found at the next start. */
export const MAX_WAITING_DUPLICATES = 10_000;

/** How long what was deleted can be restored where nothing else was said. */
export const TRASH_LIFETIME_MS = 30 * 24 * 3600 * 1000;

/** How long work in slices goes on before it is the turn of others. */
export const SLICE_MS = 4;

/** How many nodes of a subtree are looked at by one statement. */
export const NODES_AT_ONCE = 500;

/** How many objects of a node are deleted by one statement. */
export const OBJECTS_AT_ONCE = 30;

/** How often unused files and what is too long in the trash are looked for. */
export const UPKEEP_INTERVAL_MS = 5000;

/** How old a file must be that nothing refers to, before a check of a folder in use calls it left over. */
export const STRAY_AGE_MS = 10 * 60_000;
