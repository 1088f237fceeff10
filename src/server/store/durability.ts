/**
 * What a success answer is worth.
 *
 * @module
 */

/**
 * What is still there after a success answer: with `full` everything, whether the server is killed or the machine loses
 * power, because all of it was on disk before the answer; with `process` everything if the server is killed, while power
 * loss may take what was answered last.
 */
export type Durability = "full" | "process";

/** The ways of {@linkcode Durability}. */
export const DURABILITIES: readonly Durability[] = ["full", "process"];

/**
 * Makes the entries of a folder durable. Windows has no such call, and needs none.
 *
 * @param path The folder.
 */
export async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}

/**
 * Does what {@linkcode syncFolder} does, at once.
 *
 * @param path The folder.
 */
export function syncFolderSync(path: string): void {
  if (Deno.build.os === "windows") return;
  using folder = Deno.openSync(path, { read: true });
  folder.syncSync();
}
