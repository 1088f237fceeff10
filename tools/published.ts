/**
 * Tells what a release on JSR holds, and how large it is.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { fromFileUrl, join } from "@std/path";

const root = fromFileUrl(new URL("../", import.meta.url));

/** The sizes of a release, in bytes. */
export interface PublishedSize {
  /** Of all files. */
  readonly bytes: number;
  /** Of all files one after the other, compressed. */
  readonly packedBytes: number;
}

if (import.meta.main) {
  const files = await publishedFiles();
  const { bytes, packedBytes } = await publishedSize(files);
  const kibibytes = (count: number) => `${(count / 1024).toFixed(0)} KiB`;
  // deno-lint-ignore no-console -- this is a command-line program
  console.log(
    `${files.length} files, ${kibibytes(bytes)}, ${
      kibibytes(packedBytes)
    } with gzip`,
  );
}

/** What `deno publish` says it would send, by paths from the root, in order. */
export async function publishedFiles(): Promise<string[]> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(stderr);
  if (!success) throw new Error(`deno publish --dry-run failed: ${text}`);
  const files = [...text.matchAll(/^ +(file:\/\/\S+) \(/gm)].map(([, url]) =>
    fromFileUrl(url ?? "").slice(root.length)
  );
  if (!files.includes("mod.ts")) throw new Error(`No files: ${text}`);
  return files.sort();
}

/** How large some files are. */
export async function publishedSize(
  files: readonly string[],
): Promise<PublishedSize> {
  const contents = await Promise.all(
    files.map((path) => Deno.readFile(join(root, path))),
  );
  const all = await new Blob(contents).bytes();
  return { bytes: all.length, packedBytes: gzipSync(all).length };
}
