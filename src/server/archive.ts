/**
 * All objects of a node in one file.
 *
 * @module
 */

import type { AppContext } from "./app_context.ts";
import { nameHeader } from "./object_headers.ts";
import { READ_CHUNK_BYTES } from "./limits.ts";
import type { NodeRow } from "./store/node_row.ts";
import type { ObjectRow } from "./store/objects.ts";
import type { SegmentReader } from "./store/segment_reader.ts";
import { writeZip, type ZipEntry, zipLength } from "./zip.ts";

type ArchiveContext = Pick<AppContext, "store" | "signal" | "isSentAtOnce">;

const LISTED_AT_ONCE = 1000;

/**
 * Answers `GET` and `HEAD` with a ZIP of all objects of a node, in a folder of the node's name. It is made while it is sent, so that it takes
 * no memory; nothing in it is compressed, so that its length is known before. Objects that change meanwhile are in it as
 * they were at the beginning.
 *
 * @param request The request.
 * @param node The node.
 * @param context What the routes work with.
 * @returns The answer.
 */
export function downloadArchive(
  request: Request,
  node: NodeRow,
  context: ArchiveContext,
): Response {
  const objects = listAll(node.id, context.store);
  const known = objects.map((object) => toEntry(node, object));
  const length = zipLength(known.length > 0 ? known : [folderOf(node)]);
  const body = request.method === "HEAD" ? null : pack(node, objects, context);
  return new Response(body, {
    headers: {
      "cache-control": "no-store",
      "content-disposition": nameHeader("attachment", `${node.name}.zip`),
      "content-length": String(length),
      "content-type": "application/zip",
    },
  });
}

function pack(
  node: NodeRow,
  objects: readonly ObjectRow[],
  { store, signal, isSentAtOnce }: ArchiveContext,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  // What is open is not removed, however long it takes until its turn comes.
  const open = objects.map((object) => ({
    object,
    ...store.files.open(store.objects.segments(object), {
      start: 0,
      end: object.size,
    }),
  }));
  const abort = new AbortController();
  const stop = AbortSignal.any([signal, abort.signal]);
  const entries = open.map(({ object, reader, end }): ZipEntry => ({
    ...toEntry(node, object),
    async *read() {
      yield* piecesOf(reader, object.size, { signal: stop, isSentAtOnce });
      await end();
    },
  }));
  const pieces = writeZip(entries.length > 0 ? entries : [folderOf(node)]);
  return withEnd(pieces, async () => {
    abort.abort();
    await Promise.all(open.map(({ end }) => end()));
  });
}

/** Nothing is ever cut short: what is missing breaks the archive off. */
async function* piecesOf(
  reader: SegmentReader,
  size: number,
  { signal, isSentAtOnce }: Pick<AppContext, "signal" | "isSentAtOnce">,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let left = size; left > 0;) {
    signal.throwIfAborted();
    const piece = new Uint8Array(Math.min(left, READ_CHUNK_BYTES));
    const count = await reader.read(piece);
    signal.throwIfAborted();
    if (count === null) throw new Error("an object is cut short");
    left -= count;
    yield piece.subarray(0, count);
    // Given up rather than left to be collected: whoever sends it has a hold of its own on it.
    if (isSentAtOnce) piece.buffer.transfer(0);
  }
}

function listAll(
  node: string,
  { objects }: AppContext["store"],
): ObjectRow[] {
  const found: ObjectRow[] = [];
  for (let page = 1;; page++) {
    const { rows } = objects.list(node, { page, size: LISTED_AT_ONCE });
    found.push(...rows);
    if (rows.length < LISTED_AT_ONCE) return found;
  }
}

function toEntry(node: NodeRow, { key, size, mtime }: ObjectRow): ZipEntry {
  return { name: `${node.name}/${key}`, size, mtime };
}

function folderOf(node: NodeRow): ZipEntry {
  return { name: `${node.name}/` };
}

/** A body after which something is done, whether it was read to its end, broke off or was given up. */
function withEnd(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  end: () => Promise<void>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { value } = await pieces.next();
        if (value !== undefined) return controller.enqueue(value);
      } catch (error) {
        await end();
        throw error;
      }
      await end();
      controller.close();
    },
    async cancel() {
      await end();
      // It may be in the midst of a piece that now breaks off.
      pieces.return(undefined).catch(() => {});
    },
  }, { highWaterMark: 0 });
}
