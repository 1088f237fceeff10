import { join } from "@std/path";
import { tempDir } from "./temp_dir.ts";

/** A file system of its own in memory, gone when its block ends. */
export interface Tmpfs extends Disposable {
  /** Where it is. */
  readonly path: string;
  /** Writes until nothing more fits. */
  readonly fill: () => void;
  /** Gives free what {@linkcode Tmpfs.fill} took. */
  readonly free: () => void;
}

const BALLAST = "ballast";

/**
 * Mounts a small file system, so that a disk can be full.
 *
 * @param sizeBytes How much it holds.
 * @returns The file system.
 * @throws {Error} If this process may not mount one.
 */
export function mountTmpfs(sizeBytes: number): Tmpfs {
  const dir = tempDir();
  if (!run("mount", "-t", "tmpfs", "-o", `size=${sizeBytes}`, "em", dir.path)) {
    dir[Symbol.dispose]();
    throw new Error("This process may not mount a file system");
  }
  const ballast = join(dir.path, BALLAST);
  return {
    path: dir.path,
    fill() {
      using file = Deno.openSync(ballast, { create: true, append: true });
      const piece = new Uint8Array(4096).fill(1);
      try {
        for (;;) file.writeSync(piece);
      } catch (error) {
        if (!(error instanceof Error && "code" in error)) throw error;
        if (error.code !== "ENOSPC") throw error;
      }
    },
    free: () => Deno.removeSync(ballast),
    [Symbol.dispose]() {
      // Lazily: a process that is just ending may have a file open.
      run("umount", "--lazy", dir.path);
      dir[Symbol.dispose]();
    },
  };
}

/** Whether this process may mount a file system: that takes root on Linux. */
export function canMountTmpfs(): boolean {
  try {
    mountTmpfs(4096)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

function run(command: string, ...args: string[]): boolean {
  if (Deno.build.os !== "linux") return false;
  try {
    const options = { args, stdout: "null", stderr: "null" } as const;
    return new Deno.Command(command, options).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
