import { join } from "@std/path";
import { type TempDir, tempDir } from "./temp_dir.ts";

const VARIABLES = {
  EM_RUN_PARENT_DIR: "runs",
  EM_ARTIFACT_PARENT_DIR: "artifacts",
};

/**
 * Has runs and artifacts made in `runs` and `artifacts` of a temporary directory until its block ends. The environment
 * belongs to the whole process: a test file that uses this runs alone.
 *
 * @param dir The directory. Default: a new one, which is gone when the block ends.
 */
export function parentDirs(dir: TempDir = tempDir()): TempDir {
  for (const [variable, name] of Object.entries(VARIABLES)) {
    Deno.env.set(variable, join(dir.path, name));
  }
  return {
    path: dir.path,
    [Symbol.dispose]() {
      for (const variable of Object.keys(VARIABLES)) Deno.env.delete(variable);
      dir[Symbol.dispose]();
    },
  };
}
