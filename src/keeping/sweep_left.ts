import { join } from "@std/path";
import { STATE_DIR, stateDir } from "../local/layout.ts";
import { isNoSuchFile } from "../local/os_error.ts";
import { hold } from "../local/owner.ts";
import { leftOf, removeLeft } from "../local/staged_directory.ts";
import { entriesOf } from "../local/entries_of.ts";
import { isDirectory } from "../local/is_directory.ts";
import { Turn } from "../upload/notes/turn.ts";

/**
 * Finds what processes have left that were killed while they imported a run, or removed one.
 *
 * @param parent The directory of runs or of artifacts.
 * @returns The directories that it belongs to, which need not be there any more. Somebody may be at work on them still.
 */
export function findLeft(parent: string): string[] {
  return entriesOf(join(parent, STATE_DIR))
    .map(({ name }) => join(parent, name))
    .filter((dir) => isDirectory(stateDir(dir)) && leftOf(dir).length > 0);
}

/**
 * Removes what processes have left that were killed while they imported a run, or removed one: nobody sees it, and it
 * takes room. What somebody is still at work on stays.
 *
 * @param parent The directory of runs or of artifacts.
 * @returns How many directories it was of.
 */
export function sweepLeft(parent: string): number {
  return findLeft(parent).filter(sweep).length;
}

function sweep(dir: string): boolean {
  try {
    const held = hold(dir);
    if (held === undefined) return false;
    const turn = new Turn(dir);
    try {
      if (turn.take() === "busy" || leftOf(dir).length === 0) return false;
      removeLeft(dir);
      // What is remembered of a directory that is gone is of no use.
      if (!isDirectory(dir)) {
        Deno.removeSync(stateDir(dir), { recursive: true });
      }
      return true;
    } finally {
      turn.give();
      held.release({ forgetOwner: false });
    }
  } catch (error) {
    // Whoever was at work on it has just ended.
    if (isNoSuchFile(error)) return false;
    throw error;
  }
}
