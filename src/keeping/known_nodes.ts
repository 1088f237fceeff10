import { readDownloadNote } from "../download/download_note.ts";
import { readIntents } from "../upload/notes/intent.ts";
import type { KeptDirectory } from "./kept_directory.ts";

/** A node on a server that holds, or held, a directory. */
export interface KnownPlace {
  /** The server's address. */
  readonly host: string;
  /** The node's id. */
  readonly id: string;
}

/**
 * The nodes to which a directory was uploaded, or from which it was downloaded, by what is noted next to it and in its
 * metadata.
 *
 * @param kept The directory.
 * @returns The nodes, the latest first, each once.
 */
export function knownNodes(kept: KeptDirectory): readonly KnownPlace[] {
  const found: KnownPlace[] = [];
  for (const { host, node } of readIntents(kept.path)) {
    if (node !== undefined) found.push({ host, id: node.id });
  }
  const note = readDownloadNote(kept.path);
  if (note !== undefined) found.push({ host: note.host, id: note.id });
  for (const { host, id } of kept.remote.toReversed()) found.push({ host, id });
  return found.filter(({ host, id }, index) =>
    index === found.findIndex((one) => one.host === host && one.id === id)
  );
}
