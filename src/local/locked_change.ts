import { join } from "@std/path";

const LOCK_FILE = "documents.lock";

/**
 * Changes documents that several processes or threads may change: one after the other. What is read within the change is
 * what the last one has written.
 *
 * @param state The directory for what belongs to the documents' directory but is not uploaded.
 * @param change Reads, and writes; it must be short, for others wait for it.
 */
export function lockedChange(state: string, change: () => void): void {
  // Closing the file ends the lock, and so does the end of the process.
  using lock = Deno.openSync(join(state, LOCK_FILE), {
    write: true,
    create: true,
  });
  lock.lockSync(true);
  change();
}
