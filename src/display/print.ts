/**
 * Prints what must be seen, in a notebook too: there, nobody sees what is written to the files stdout and stderr.
 *
 * @module
 */

import { kernel } from "./kernel.ts";

/** A stream that people see. */
export type Stream = "stdout" | "stderr";

/** A character may be cut in two between pieces. */
const decoders: Readonly<Record<Stream, TextDecoder>> = {
  stdout: new TextDecoder(),
  stderr: new TextDecoder(),
};

/**
 * Prints bytes.
 *
 * @param stream Where.
 * @param bytes What.
 * @param write Writes them where there is no notebook, and says how many it has taken. Default: the stream's own.
 * @returns How many of them were taken.
 */
export async function print(
  stream: Stream,
  bytes: Uint8Array,
  write: (bytes: Uint8Array) => Promise<number> = (bytes) =>
    Deno[stream].write(bytes),
): Promise<number> {
  const notebook = kernel();
  if (notebook === undefined) return await write(bytes);
  const text = decoders[stream].decode(bytes, { stream: true });
  if (text !== "") await notebook.broadcast("stream", { name: stream, text });
  return bytes.length;
}
