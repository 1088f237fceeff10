import { tempDir } from "../support/temp_dir.ts";

/** Runs `use` with a new directory, which is removed afterwards. */
export async function withDir(
  use: (dir: string) => Promise<void>,
): Promise<void> {
  using dir = tempDir();
  await use(dir.path);
}
