import { stateDir } from "./layout.ts";
import { requireAccess } from "./permissions.ts";

/**
 * Makes sure that a directory of an artifact can be changed, and that there is a place for temporary files.
 *
 * @param dir The directory.
 * @returns The directory for temporary files.
 * @throws {PermissionError} If the directory, or the one for temporary files, may not be read and written.
 */
export function prepareChange(dir: string): string {
  const state = stateDir(dir);
  for (const path of [dir, state]) {
    requireAccess(path, { names: ["read", "write"], what: "the directory" });
  }
  Deno.mkdirSync(state, { recursive: true });
  return state;
}
