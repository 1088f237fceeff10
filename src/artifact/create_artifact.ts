import { join } from "@std/path";
import {
  type ArtifactMetadata,
  encodeArtifactMetadata,
} from "../format/artifact_metadata.ts";
import { validateName } from "../format/names.ts";
import {
  checkLabels,
  requireKnown,
  requireObject,
  requireString,
} from "../format/option_checks.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import { Document } from "../local/document.ts";
import { METADATA_FILE, stateDir } from "../local/layout.ts";
import {
  createNodeDirectory,
  removeNodeDirectory,
} from "../local/node_directory.ts";
import { parentDir, warnLeftOut } from "../local/permissions.ts";
import { shownPath } from "../local/shown_path.ts";
import { stderrReporter } from "../reporter.ts";
import { type Artifact, newArtifact } from "./artifact.ts";

/** Options of {@linkcode createArtifact}. */
export interface CreateArtifactOptions {
  /** The artifact's name: 1 to 40 letters, digits, `-` and `_`, starting and ending with a letter or digit. */
  readonly name: string;
  /** Any number of labels. Default: none. */
  readonly labels?: readonly string[];
  /** What the artifact is. Default: `""`. */
  readonly description?: string;
}

const KNOWN: ReadonlySet<string> = new Set<keyof CreateArtifactOptions>([
  "name",
  "labels",
  "description",
]);

/**
 * Creates an artifact: an empty directory under `EM_ARTIFACT_PARENT_DIR` (default `.em/artifacts`) that files and
 * references can be added to.
 *
 * @param options What the artifact is.
 * @returns The artifact.
 * @throws {TypeError} If an option has the wrong type.
 * @throws {RangeError} If the name is not allowed.
 * @throws {PermissionError} If the directory of artifacts may not be read or written.
 *
 * @example
 * ```ts
 * import { createArtifact } from "@t9k/em";
 *
 * const model = await createArtifact({ name: "cnn_weights", labels: ["CNN"] });
 * await Deno.writeTextFile(`${model.local}/notes.txt`, "what is put there belongs to it");
 * console.log(model.objects); // [{ path: "notes.txt", sizeBytes: 31 }]
 * ```
 */
// deno-lint-ignore require-await -- misuse rejects, as in createRun
export async function createArtifact(
  options: CreateArtifactOptions,
): Promise<Artifact> {
  requireObject(options, "createArtifact");
  requireKnown(options, KNOWN, "create Artifact");
  const name = validateName("Artifact", options.name);
  const labels = checkLabels(options.labels ?? []);
  const description = requireString(options.description ?? "", "description");

  const leftOut: string[] = [];
  const parent = parentDir("EM_ARTIFACT_PARENT_DIR", {
    fallback: ".em/artifacts",
    leftOut,
  });
  const { path: dir, alternativeName } = createNodeDirectory(parent, name, {
    kind: "Artifact",
  });
  const metadata: ArtifactMetadata = {
    kind: "Artifact",
    name,
    labels,
    description,
    createdTimestamp: formatTimestamp(),
    alternativeName,
    remote: [],
  };
  const document = new Document(join(dir, METADATA_FILE), stateDir(dir));
  try {
    document.write(encodeArtifactMetadata(metadata));
  } catch (error) {
    removeNodeDirectory(dir);
    throw error;
  }
  const reporter = stderrReporter;
  reporter.info(`Artifact "${name}" is kept in "${shownPath(dir)}"`);
  warnLeftOut(reporter, leftOut);
  return newArtifact({ dir, metadata, document, reporter });
}
