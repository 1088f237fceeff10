import { assertEquals } from "@std/assert";
import { writeZip, type ZipEntry, zipLength } from "../../../src/server/zip.ts";

/** From where ZIP64 is used, so that {@linkcode ENTRIES} are small, or large, or far, or many, or nothing of that. */
export const ZIP64_FROM = [0, 49, 300, 700, undefined] as const;

/** Entries with names, sizes and times of many kinds. */
export const ENTRIES: readonly ZipEntry[] = [
  entryOf("run/short", "ab", Date.UTC(2026, 10, 23, 8, 30, 10) / 1000),
  entryOf("run/数据 é.txt", "x".repeat(500)),
  entryOf("run/empty", "", -5),
  entryOf("run/later", "y".repeat(49), Date.UTC(2110, 1, 1) / 1000),
  { name: "run/folder/" },
];

/** An entry whose bytes come in two pieces. */
export function entryOf(name: string, text: string, mtime = 0): ZipEntry {
  const bytes = new TextEncoder().encode(text);
  return {
    name,
    size: bytes.length,
    mtime,
    async *read() {
      const half = bytes.length >> 1;
      yield bytes.slice(0, half);
      yield bytes.slice(half);
    },
  };
}

/** Writes an archive, which must be as long as was said before. */
export async function placeZip(
  file: string,
  entries: readonly ZipEntry[],
  zip64From = Infinity,
): Promise<void> {
  await Deno.writeFile(
    file,
    ReadableStream.from(writeZip(entries, { zip64From })),
  );
  assertEquals(Deno.statSync(file).size, zipLength(entries, { zip64From }));
}

/** What a command prints in a zone far from UTC; it must succeed. */
export async function outputOf(
  command: string,
  args: string[],
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    env: { LANG: "C.UTF-8", LC_ALL: "C.UTF-8", TZ: "Asia/Shanghai" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (!success) throw new Error(text + new TextDecoder().decode(stderr));
  return text;
}
