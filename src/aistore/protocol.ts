/**
 * The AIStore HTTP protocol as data: paths, JSON shapes and texts that client and server share.
 *
 * Source of every rule: the traffic of the Python SDK `t9k.em` 0.6 and the platform's manual.
 *
 * @module
 */

/** The path prefix under which the platform's gateway serves AIStore. */
export const SERVER_PREFIX = "/t9k/aistore/server";

/** The path prefix of the experiment console, next to {@linkcode SERVER_PREFIX}. */
export const WEB_PREFIX = "/t9k/em/web";

/** The types of node that experiment management uses. */
export type NodeType =
  | "Folder"
  | "Shortcut"
  | "Run"
  | "Artifact"
  | "AutoTune"
  | "Model"
  | "Dataset";

/** How much data a node of a type holds: 0 none, 1 one file, 2 a set of files, 3 versioned sets of files. */
export const STORAGE_TYPES: Readonly<Record<NodeType, 0 | 1 | 2 | 3>> = {
  Folder: 0,
  Shortcut: 0,
  Run: 2,
  Artifact: 2,
  AutoTune: 2,
  Model: 3,
  Dataset: 3,
};

/** A node as the server describes it; the keys are in the order that the real server prints. */
export interface AIStoreNode {
  readonly description: string;
  /** The user who changed the node last. */
  readonly editor: string;
  /** Text that belongs to clients: JSON, such as `{"alternativeName": "…"}`. */
  readonly extra: string;
  /** UUID. */
  readonly id: string;
  /** Sorted. */
  readonly labels: readonly string[];
  /** RFC 3339, UTC, microseconds, `Z`. */
  readonly modifiedTimestamp: string;
  readonly name: string;
  /** `/<user>/<folder>/…/<name>`. */
  readonly path: string;
  readonly permission: "own" | "edit" | "view";
  readonly storageType: number;
  readonly type: string;
}

/** The body of `POST /apis/v1/nodes`; the keys are in the order that the Python SDK sends. */
export interface CreateNodeBody {
  /** Path or id of the parent folder. */
  readonly parent: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly description: string;
  readonly type: string;
  readonly storageType: number;
  readonly extra: string;
}

/** A page of a listing. `data` is `null` when the listing is empty. */
export interface Page<T> {
  readonly pagination: {
    /** Counted from 1. */
    readonly page: number;
    /** Entries a page. */
    readonly size: number;
    /** Entries in all. */
    readonly total: number;
  };
  readonly data: readonly T[] | null;
}

/** An object of a node. */
export interface ObjectRecord {
  /** MD5 of the content, lower-case hex. */
  readonly checksum: string;
  readonly content_type: string;
  /** Unix seconds. */
  readonly mtime: number;
  /** The object's key below its node, without a leading `/`. */
  readonly path: string;
  readonly path_type: "object";
  readonly physical_address: string;
  readonly size_bytes: number;
}

/** The header by which this package's own server says what it can do beyond AIStore: names with commas between. */
export const CAPABILITIES_HEADER = "x-em-capabilities";

/** A capability: `GET /apis/v1/objects/multipart/<uploadId>?path=` lists the parts that were received. */
export const MULTIPART_LIST = "multipart-list";

/** A capability: `PATCH /apis/v1/objects?path=` appends to an object at the offset that {@linkcode UPLOAD_OFFSET_HEADER} names. */
export const APPEND = "append";

/**
 * The header in which a client says at which byte of an object its bytes go, and a server says how long the object is;
 * decimal.
 */
export const UPLOAD_OFFSET_HEADER = "upload-offset";

/** The media type of what is appended. */
export const APPEND_CONTENT_TYPE = "application/offset+octet-stream";

/** A part of an object, as a listing describes it. */
export interface PartRecord {
  /** Counted from 1. */
  readonly partNumber: number;
  /** The size in bytes. */
  readonly size: number;
  /** What the answer to sending it named: see {@linkcode crcETag}. */
  readonly eTag: string;
}

/**
 * What this package's own server calls a part: a checksum that costs next to nothing. What another server calls it means
 * nothing to a client.
 *
 * @param crc The CRC-32 of the part.
 * @returns Such as `crc32-0a1b2c3d`.
 */
export function crcETag(crc: number): string {
  return `crc32-${crc.toString(16).padStart(8, "0")}`;
}

/**
 * The CRC-32 in what a server calls a part.
 *
 * @param etag What it calls the part.
 * @returns The checksum; undefined if that is not {@linkcode crcETag}.
 */
export function crcOfETag(etag: string): number | undefined {
  const [, digits] = /^crc32-([0-9a-f]{8})$/.exec(etag) ?? [];
  return digits === undefined ? undefined : parseInt(digits, 16);
}

/**
 * The header in which this package's own server names, with the bytes of an object, the CRC-32 of the whole: eight digits,
 * hexadecimal. To compare it takes next to no time; the MD5 takes longer than all the rest. It goes with the `ETag`, and is
 * absent where the server does not know it.
 */
export const CRC32_HEADER = "x-em-crc32";

/** The parts that the server has received for an upload; a capability of this package's own server. */
export interface PartListing {
  /** The upload. */
  readonly uploadId: string;
  /** By number. */
  readonly parts: readonly PartRecord[];
}

/** The answer of `GET /oauth2/userinfo`; more keys may be there. */
export interface UserInfo {
  readonly preferred_username: string;
}

/** An edge of the dataflow graph: data goes `from` one node `to` another. */
export interface GraphEdge {
  /** Node id. */
  readonly from: string;
  /** Node id. */
  readonly to: string;
}

/** The answer of `GET /apis/v1/graphs`. */
export interface NodeGraph {
  readonly in: readonly AIStoreNode[];
  readonly out: readonly AIStoreNode[];
}

/** The name under which a node is shared with every user of a server; no user can be called so. */
export const EVERYONE = "*";

/** With whom a node is shared, and as what; a capability of this package's own server. */
export interface NodeShare {
  /** A user's name, or {@linkcode EVERYONE}. */
  readonly user: string;
  /** What that user may do with the node and everything below it. */
  readonly permission: "view" | "edit";
}

/** A share that a node has from a folder that it is in. */
export interface InheritedShare extends NodeShare {
  /** The folder's path. */
  readonly path: string;
}

/** The answer of `GET /apis/v1/nodes/shares`. */
export interface NodeShares {
  /** The node's own shares, by user. */
  readonly shares: readonly NodeShare[];
  /** Those of the folders that it is in, the nearest first. */
  readonly inherited: readonly InheritedShare[];
}

/** The answer of `GET /apis/v1/graphs/component`: nodes that dataflow connects. */
export interface GraphComponent {
  /** The nodes, the nearest first. */
  readonly nodes: readonly AIStoreNode[];
  /** The edges between them. */
  readonly edges: readonly GraphEdge[];
  /** Whether these are all; `false` where a limit cut them off. */
  readonly complete: boolean;
}

/** The form of an API key: a UUID in lower-case hex. The Python SDK refuses any other before it asks. */
export const API_KEY_PATTERN =
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Texts in error answers that clients depend on, to the letter. */
export const ERROR_TEXTS = {
  /** 400 on `POST /nodes`: the name is taken. */
  nameTaken: "Invalid conflicting node Name",
  /** 404: a node or a parent folder is missing; the text ends in `[<path>]` without a newline. */
  nodeNotFound: "node not found",
  /** 404: an upload in parts is over, or never was; our own server's text. */
  uploadNotFound: "upload not found",
  /** 400: starts so and ends in `not found\n`. */
  keyUnknown: "api key",
  /** 400: an empty API key. */
  keyEmpty: "query is needed",
  /** 403: the whole body. */
  denied: "permission denied",
} as const;

/**
 * The console's address of a node, as the Python SDK prints it: the server's address without its last two
 * path segments, then `/em/web/#/folders/<node id>/`.
 *
 * @param host The server's address, such as `https://t9k.example.com/t9k/aistore/server`.
 * @param nodeId The node's id.
 * @returns The address, such as `https://t9k.example.com/t9k/em/web/#/folders/<id>/`.
 */
export function webUrl(host: string, nodeId: string): string {
  return `${webRoot(host)}#/folders/${nodeId}/`;
}

/**
 * The console's own address.
 *
 * @param host The server's address, such as `https://t9k.example.com/t9k/aistore/server`.
 * @returns The address, such as `https://t9k.example.com/t9k/em/web/`.
 */
export function webRoot(host: string): string {
  return `${host.split("/").slice(0, -2).join("/")}/em/web/`;
}

/** An entry of `GET /apis/v1/trash`: a node that was deleted, with everything below it. This package's server only. */
export interface TrashedNode {
  /** When it was deleted, RFC 3339. */
  readonly deletedTimestamp: string;
  /** Who deleted it. */
  readonly editor: string;
  /** When it will be gone for good, RFC 3339. */
  readonly expiresTimestamp: string;
  /** The node's id, which it has again when it is restored. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** How many nodes it is, itself counted. */
  readonly nodes: number;
  /** How many objects they have. */
  readonly objects: number;
  /** The path that it had. */
  readonly path: string;
  /** How long the objects are together. */
  readonly size_bytes: number;
  /** Its type. */
  readonly type: string;
}

/** The answer to `POST /apis/v1/trash/restore`. */
export interface RestoredNode extends AIStoreNode {
  /** Whether it is where it was; else it is in the user's root, since its folder is gone. */
  readonly isInPlace: boolean;
}
