import { isOsError } from "./os_error.ts";

/**
 * Lists what is in a directory.
 *
 * @param dir The directory. One that is not there, or may not be read, holds nothing.
 * @returns The entries, in no order.
 */
export function entriesOf(dir: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(dir)];
  } catch (error) {
    if (isOsError(error)) return [];
    throw error;
  }
}
