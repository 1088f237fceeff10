import { join } from "node:path";
import { toPath } from "./to_path.ts";

/** Leaves an empty directory, whether it was there or not. */
export async function emptyDir(dir: string | URL): Promise<void> {
  await Deno.mkdir(dir, { recursive: true });
  for (const { name } of await Array.fromAsync(Deno.readDir(dir))) {
    await Deno.remove(join(toPath(dir), name), { recursive: true });
  }
}

/** Leaves an empty directory, whether it was there or not. */
export function emptyDirSync(dir: string | URL): void {
  Deno.mkdirSync(dir, { recursive: true });
  for (const { name } of [...Deno.readDirSync(dir)]) {
    Deno.removeSync(join(toPath(dir), name), { recursive: true });
  }
}
