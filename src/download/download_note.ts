import { join } from "@std/path";
import { stateDir } from "../local/layout.ts";
import type { PlannedObject } from "./plan.ts";

/** What was downloaded into a directory, and where from. */
export interface DownloadNote {
  /** The server's address. */
  readonly host: string;
  /** The node's id. */
  readonly id: string;
  /** The objects' keys, each with size and checksum as they were on the server. */
  readonly objects: Readonly<Record<string, string>>;
}

const FILE = "download.json";

/**
 * Size and checksum as they are noted.
 *
 * @param object The object.
 * @returns A text that differs when the object does.
 */
export function stampOf({ sizeBytes, md5, inParts }: PlannedObject): string {
  return `${sizeBytes} ${md5 ?? inParts ?? "?"}`;
}

/**
 * Notes next to a directory what is downloaded into it.
 *
 * @param dir The directory.
 * @param note What.
 */
export function writeDownloadNote(dir: string, note: DownloadNote): void {
  const path = join(stateDir(dir), FILE);
  Deno.writeTextFileSync(`${path}.tmp`, JSON.stringify(note) + "\n");
  Deno.renameSync(`${path}.tmp`, path);
}

/**
 * Reads what was downloaded into a directory.
 *
 * @param dir The directory.
 * @returns What was noted, or undefined if nothing was, or nothing of use.
 */
export function readDownloadNote(dir: string): DownloadNote | undefined {
  try {
    const text = Deno.readTextFileSync(join(stateDir(dir), FILE));
    const note: unknown = JSON.parse(text);
    return isNote(note) ? note : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isNote(value: unknown): value is DownloadNote {
  return typeof value === "object" && value !== null &&
    "host" in value && "id" in value && "objects" in value &&
    typeof value.objects === "object" && value.objects !== null;
}
