import { basename, dirname, join, resolve } from "@std/path";
import { DamagedFileError } from "../errors.ts";
import { type Association, decodeRunMetadata } from "../format/metadata.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { isOsError } from "../local/os_error.ts";
import { parentDir } from "../local/permissions.ts";
import { findNamed } from "../sync/find_directories.ts";
import type { NodeDataflow, RelatedRun } from "./node_source.ts";
import { refuseBombs } from "./refuse_bombs.ts";

/**
 * Finds the runs on this machine that have produced or used an artifact: those next to it, and those of this project.
 *
 * @param artifact The artifact's directory.
 * @returns The runs, by their paths.
 */
export function localDataflow(artifact: string): NodeDataflow {
  const name = basename(artifact);
  const leftOut: string[] = [];
  const parents = [
    join(dirname(dirname(artifact)), "runs"),
    resolve(parentDir("EM_RUN_PARENT_DIR", { fallback: ".em/runs", leftOut })),
  ];
  const producedBy: RelatedRun[] = [];
  const usedBy: RelatedRun[] = [];
  for (const path of [...new Set(parents.flatMap(findNamed))].sort()) {
    const run = { alternativeName: basename(path), path };
    const { input, output } = associationsOf(path, name);
    if (output.some((one) => isNamed(one, name))) producedBy.push(run);
    if (input.some((one) => isNamed(one, name))) usedBy.push(run);
  }
  return { producedBy, usedBy };
}

function isNamed(one: Association, name: string): boolean {
  return one.kind === "Artifact" && one.name === name;
}

const NONE = { input: [], output: [] };

/** What a run is associated with; nothing if that cannot be read, or does not name the artifact. */
function associationsOf(
  dir: string,
  name: string,
): { readonly input: Association[]; readonly output: Association[] } {
  const path = join(dir, METADATA_FILE);
  try {
    const text = Deno.readTextFileSync(path);
    // To take documents apart takes longest, and few name it.
    if (!text.includes(name)) return NONE;
    const { input, output } =
      decodeRunMetadata(refuseBombs(text, path), path).associations;
    return { input: [...input], output: [...output] };
  } catch (error) {
    if (error instanceof DamagedFileError || isOsError(error)) return NONE;
    throw error;
  }
}
