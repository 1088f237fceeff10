import { join } from "@std/path";
import { partCount } from "../aistore/part_checksums.ts";
import { isSettled, sameStamp, toStamp } from "../local/file_stamp.ts";
import {
  type KnownChecksum,
  KnownChecksums,
} from "../local/known_checksums.ts";

const BUFFER_BYTES = 1024 * 1024;

/** The MD5 sums of an artifact's files. Each file is read once, and again only after it has changed. */
export class Checksums {
  readonly #dir: string;
  readonly #known = new Map<string, KnownChecksum>();

  /** @param dir The artifact's directory. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * Reads the files whose sums are not known yet.
   *
   * @param paths The files, relative to the directory.
   * @returns The sums in lower-case hex, by path.
   */
  async of(paths: readonly string[]): Promise<Map<string, string>> {
    const sums = new Map<string, string>();
    const buffer = new Uint8Array(BUFFER_BYTES);
    const noted = new KnownChecksums(this.#dir);
    for (const path of paths) {
      sums.set(path, await this.#sum(path, { buffer, noted }));
    }
    noted.save();
    return sums;
  }

  async #sum(
    path: string,
    { buffer, noted }: {
      readonly buffer: Uint8Array;
      readonly noted: KnownChecksums;
    },
  ): Promise<string> {
    const { createHash } = await import("node:crypto");
    using file = await Deno.open(join(this.#dir, path));
    const stamp = toStamp(await file.stat());
    const known = this.#known.get(path);
    if (known !== undefined && sameStamp(known.stamp, stamp)) {
      return known.checksum;
    }
    const before = noted.find(path, stamp);
    const isMd5 = before !== undefined && partCount(before) === undefined;
    if (isMd5) return before;
    const lookedAtMs = Date.now();
    const hash = createHash("md5");
    for (
      let count = await file.read(buffer);
      count !== null;
      count = await file.read(buffer)
    ) hash.update(buffer.subarray(0, count));
    const checksum = hash.digest("hex");
    // A file that was written a moment ago may change without a trace in its stamp.
    if (isSettled(stamp, lookedAtMs)) {
      this.#known.set(path, { stamp, checksum });
      noted.add(path, { stamp, checksum });
    }
    return checksum;
  }
}
