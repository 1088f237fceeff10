import { join } from "@std/path";
import { decodeKind } from "../format/metadata_kind.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { hostname } from "../run/platform_facts.ts";
import { type RunLife, settleStatus } from "./settle_status.ts";

/**
 * Finds out whether somebody writes a directory; nobody writes an artifact's for long.
 *
 * @param dir The directory of a run or an artifact.
 * @returns Whether it goes on; a run whose process was killed has got its status.
 * @throws {DamagedFileError} If the metadata cannot be read.
 */
export async function lifeOf(dir: string): Promise<RunLife> {
  const path = join(dir, METADATA_FILE);
  return decodeKind(await Deno.readTextFile(path), path) === "Artifact"
    ? "ended"
    : await settleStatus(dir, { hostname: hostname() });
}
