import { alternativeNameOf } from "../aistore/alternative_name.ts";
import { partCount, plainChecksum } from "../aistore/part_checksums.ts";
import type { AIStoreNode, ObjectRecord } from "../aistore/protocol.ts";
import { DownloadError } from "../errors.ts";
import { brokenPathRule, findCollision } from "./safe_path.ts";

/** An object that is to be downloaded, checked. */
export interface PlannedObject {
  /** Its key, a safe relative path with `/`. */
  readonly key: string;
  /** Its size in bytes. */
  readonly sizeBytes: number;
  /** Its MD5 in lower-case hex; undefined if the server's checksum is of another kind. */
  readonly md5: string | undefined;
  /** Its checksum if it came in parts and the server names that of the parts: see {@linkcode partCount}. Default: none. */
  readonly inParts?: string | undefined;
}

/** A listing beyond this is no listing. */
const MAX_OBJECTS = 1_000_000;

/** A run or an artifact without it is not whole: uploads send it last. */
const REQUIRED_KEY = "metadata.yaml";

/**
 * Finds out what a node's local directory is called.
 *
 * @param node The node.
 * @returns The alternative name, safe as the name of a directory.
 * @throws {DownloadError} If the node has none, or one that leads elsewhere.
 */
export function directoryName(node: AIStoreNode): string {
  const name = alternativeNameOf(node.extra);
  if (name === undefined) {
    throw new DownloadError(
      node.path,
      "the server does not say its alternative name",
    );
  }
  const rule = name.includes("/")
    ? 'it holds "/"'
    : name.startsWith(".")
    ? 'it begins with "."'
    : brokenPathRule(name);
  if (rule === undefined) return name;
  throw new DownloadError(
    node.path,
    `its alternative name ${
      JSON.stringify(name)
    } cannot name a directory: ${rule}`,
  );
}

/**
 * Checks what a server lists, before anything is written.
 *
 * @param node The path of the node.
 * @param listing What the server lists.
 * @returns The objects.
 * @throws {DownloadError} If an object's key leads elsewhere, two keys collide, a size or checksum is none, or what makes
 *   the node whole is missing.
 */
export async function planObjects(
  node: string,
  listing: AsyncIterable<ObjectRecord>,
): Promise<PlannedObject[]> {
  const planned: PlannedObject[] = [];
  const keys = new Set<string>();
  for await (const record of listing) {
    if (planned.length === MAX_OBJECTS) {
      throw new DownloadError(
        node,
        `the server lists more than ${MAX_OBJECTS} objects`,
      );
    }
    const object = checkRecord(node, record);
    // At once: a listing may repeat itself for ever.
    if (keys.has(object.key)) {
      throw new DownloadError(node, "the server lists it twice", {
        object: object.key,
      });
    }
    keys.add(object.key);
    planned.push(object);
  }
  const collision = findCollision(planned.map(({ key }) => key));
  if (collision !== undefined) {
    const [file, other] = collision;
    throw new DownloadError(
      node,
      `it cannot lie beside object ${JSON.stringify(other)}`,
      { object: file },
    );
  }
  if (!keys.has(REQUIRED_KEY)) {
    throw new DownloadError(
      node,
      `it has no ${REQUIRED_KEY}, so its upload is not complete`,
    );
  }
  return planned;
}

function checkRecord(node: string, record: unknown): PlannedObject {
  const { path: key, size_bytes: sizeBytes, checksum } =
    (record ?? {}) as Record<string, unknown>;
  if (typeof key !== "string") {
    throw new DownloadError(node, "the server lists an object without a key");
  }
  const fail = (problem: string) =>
    new DownloadError(node, problem, { object: key });
  const rule = brokenPathRule(key);
  if (rule !== undefined) {
    throw fail(`the key must be a path below its node, and ${rule}`);
  }
  if (!Number.isSafeInteger(sizeBytes) || Number(sizeBytes) < 0) {
    throw fail(`its size is given as ${Deno.inspect(sizeBytes)}`);
  }
  return {
    key,
    sizeBytes: Number(sizeBytes),
    ...readChecksum(checksum, fail),
  };
}

/** Stores such as S3 give objects that came in parts a checksum of the parts' checksums, `<hex>-<parts>`. */
function readChecksum(
  checksum: unknown,
  fail: (problem: string) => DownloadError,
): Pick<PlannedObject, "md5" | "inParts"> {
  const text = typeof checksum === "string" ? plainChecksum(checksum) : "";
  if (/^[0-9a-f]{32}$/.test(text)) return { md5: text };
  if (partCount(text) !== undefined) return { md5: undefined, inParts: text };
  throw fail(`its checksum is given as ${Deno.inspect(checksum)}`);
}
