import { resolve } from "@std/path";
import { stampOf } from "../local/file_stamp.ts";
import type { SourceIdentity } from "./imported_run.ts";

/**
 * What tells a run that lies in files of its own from others, and from what it was.
 *
 * @param kind Whose files they are.
 * @param path The file or directory that stands for the run.
 * @param files The files. Default: only that one.
 * @returns The identity; sizes and times of the files tell versions apart.
 */
export function identityOfFiles(
  kind: string,
  path: string,
  files: readonly string[] = [path],
): SourceIdentity {
  return {
    key: `${kind}: ${resolve(path)}`,
    async stamp() {
      const stamps = await Promise.all(files.map(async (file) => {
        const { sizeBytes, mtimeMs } = await stampOf(file) ?? {};
        return [resolve(file), sizeBytes, mtimeMs];
      }));
      return JSON.stringify(stamps);
    },
  };
}
