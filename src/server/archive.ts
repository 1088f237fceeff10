/**
 * All objects of a node in one file.
 *
 * @module
 */

import { makeZip, predictLength } from "client-zip";
import type { AppContext } from "./app_context.ts";
import { nameHeader } from "./object_headers.ts";
import { READ_CHUNK_BYTES } from "./limits.ts";
import type { NodeRow } from "./store/node_row.ts";
import type { ObjectRow } from "./store/objects.ts";
import type { SegmentReader } from "./store/segment_reader.ts";

const LISTED_AT_ONCE = 1000;

/**
 * Answers with a ZIP of all objects of a node, in a folder of the node's name. It is made while it is sent, so that it takes
 * no memory; nothing in it is compressed, so that its length is known before. Objects that change meanwhile are in it as
 * they were at the beginning.
 *
 * @param node The node.
 * @param context What the routes work with.
 * @returns The answer.
 */
export function downloadArchive(
  node: NodeRow,
  { store, signal }: Pick<AppContext, "store" | "signal">,
): Response {
  const objects = listAll(node.id, store);
  // What is open is not removed, however long it takes until its turn comes.
  const files = objects.map((object) =>
    store.files.open(store.objects.segments(object), {
      start: 0,
      end: object.size,
    })
  );
  const abort = new AbortController();
  const stop = AbortSignal.any([signal, abort.signal]);
  async function* entries() {
    for (const [index, { reader, end }] of files.entries()) {
      const object = objects[index] as ObjectRow;
      const input = piecesOf(reader, object.size, stop);
      yield { ...toEntry(node, object), input };
      await end();
    }
    if (objects.length === 0) yield { name: `${node.name}/` };
  }
  const known = objects.map((object) => toEntry(node, object));
  const length = predictLength(
    known.length > 0 ? known : [{ name: `${node.name}/` }],
  );
  const body = withEnd(makeZip(entries()), async () => {
    abort.abort();
    await Promise.all(files.map(({ end }) => end()));
  });
  return new Response(body, {
    headers: {
      "cache-control": "no-store",
      "content-disposition": nameHeader("attachment", `${node.name}.zip`),
      "content-length": String(length),
      "content-type": "application/zip",
    },
  });
}

/** Nothing is ever cut short: what is missing breaks the archive off. */
async function* piecesOf(
  reader: SegmentReader,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let left = size; left > 0;) {
    signal.throwIfAborted();
    const piece = new Uint8Array(Math.min(left, READ_CHUNK_BYTES));
    const count = await reader.read(piece);
    signal.throwIfAborted();
    if (count === null) throw new Error("an object is cut short");
    left -= count;
    yield piece.subarray(0, count);
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

function toEntry(node: NodeRow, { key, size, mtime }: ObjectRow) {
  return { name: `${node.name}/${key}`, size, lastModified: mtime * 1000 };
}

/** A body after which something is done, whether it was read to its end, broke off or was given up. */
function withEnd(
  body: ReadableStream<Uint8Array>,
  end: () => Promise<void>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { value } = await reader.read();
        if (value !== undefined) {
          controller.enqueue(value as Uint8Array<ArrayBuffer>);
          return;
        }
      } catch (error) {
        await end();
        throw error;
      }
      await end();
      controller.close();
    },
    async cancel(reason) {
      await end();
      // It may be in the midst of a piece that now breaks off.
      reader.cancel(reason).catch(() => {});
    },
  }, { highWaterMark: 0 });
}
