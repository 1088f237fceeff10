import { walk } from "@std/fs";
import { join, relative } from "@std/path";

/**
 * Compares two directories of the same run or artifact byte for byte, in both directions. `metadata.yaml` and
 * `attempts.yaml` are left out: where something is, where it came from, and who has continued it, stands in them, and that
 * differs.
 *
 * @param a One directory.
 * @param b The other.
 * @returns How many files are the same.
 * @throws {Error} If a file is missing, or differs.
 */
export async function compareDirectories(
  a: string,
  b: string,
): Promise<number> {
  const keys = new Set([...await keysOf(a), ...await keysOf(b)]);
  keys.delete("metadata.yaml");
  keys.delete("attempts.yaml");
  for (const key of keys) {
    const [one, other] = await Promise.all(
      [a, b].map((dir) => Deno.readFile(join(dir, key))),
    );
    const isSame = one?.length === other?.length &&
      one?.every((byte, i) => byte === other?.[i]);
    if (!isSame) throw new Error(`"${key}" differs in "${a}" and "${b}"`);
  }
  return keys.size;
}

async function keysOf(dir: string): Promise<string[]> {
  const files = await Array.fromAsync(walk(dir, { includeDirs: false }));
  return files.map(({ path }) => relative(dir, path));
}
