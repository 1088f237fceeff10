import { join } from "@std/path";
import { METADATA_FILE, stateDir } from "../local/layout.ts";
import { isOsError } from "../local/os_error.ts";

/**
 * Looks at what changes when something begins or ends in a directory of a run or an artifact: its metadata, and the notes
 * on its process and on where it is to be uploaded. Costs next to nothing.
 *
 * @param dir The directory.
 * @returns A text that is another one when any of them has changed.
 */
export function glance(dir: string): string {
  const state = stateDir(dir);
  return [
    join(dir, METADATA_FILE),
    join(state, "process.json"),
    join(state, "upload.json"),
  ].map(stampOf).join(" ");
}

function stampOf(path: string): string {
  try {
    const { mtime, size, ino } = Deno.statSync(path);
    return `${mtime?.getTime()}-${size}-${ino}`;
  } catch (error) {
    if (isOsError(error)) return "none";
    throw error;
  }
}
