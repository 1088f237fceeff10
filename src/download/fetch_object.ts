import { createHash } from "node:crypto";
import { dirname } from "@std/path";
import type { AIStoreClient } from "../aistore/client.ts";
import { DownloadError } from "../errors.ts";
import type { PlannedObject } from "./plan.ts";

/** Which object to fetch, and where to. */
export interface FetchObjectOptions {
  /** The node's path on the server. */
  readonly nodePath: string;
  /** The object. */
  readonly object: PlannedObject;
  /** The file; one that is there is replaced. */
  readonly into: string;
  /** Told of the bytes as they come; negative when they are thrown away. */
  readonly onBytes: (bytes: number) => void;
  /** Ends the transfer. */
  readonly signal: AbortSignal;
}

/**
 * Downloads an object piece by piece, and makes sure that it is whole. What is not is removed again.
 *
 * @param client The server.
 * @param options Which object, and where to.
 * @throws {DownloadError} If size or MD5 differ from the listing.
 * @throws {EmError} If the transfer fails.
 */
export async function fetchObject(
  client: AIStoreClient,
  options: FetchObjectOptions,
): Promise<void> {
  const { nodePath, object, into, onBytes, signal } = options;
  const { key, sizeBytes, md5 } = object;
  const fail = (problem: string) =>
    new DownloadError(nodePath, problem, { object: key });
  let received = 0;
  let told = 0;
  try {
    const stream = await client.getObject(`${nodePath}/${key}`, { signal });
    await Deno.mkdir(dirname(into), { recursive: true });
    const hash = createHash("md5");
    using file = await Deno.open(into, {
      write: true,
      create: true,
      truncate: true,
    });
    for await (const piece of stream) {
      received += piece.length;
      if (received > sizeBytes) {
        throw fail(
          `it is longer than the ${sizeBytes} bytes that the server lists; if it is still being uploaded, try again later`,
        );
      }
      // The disk and the hash work side by side.
      const written = writeAll(file, piece);
      hash.update(piece);
      await written;
      onBytes(piece.length);
      told += piece.length;
    }
    if (received < sizeBytes) {
      throw fail(`${received} bytes came, and the server lists ${sizeBytes}`);
    }
    const got = hash.digest("hex");
    if (md5 !== undefined && got !== md5) {
      throw fail(
        `its MD5 is ${got}, and the server lists ${md5}; if it is still being uploaded, try again later`,
      );
    }
  } catch (error) {
    onBytes(-told);
    await removeIfThere(into);
    throw error;
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (
      !(error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotADirectory)
    ) throw error;
  }
}
