import { METADATA_FILE, REFERENCES_FILE } from "../local/layout.ts";

/** What {@linkcode objectPath} makes a path of. */
export interface ObjectPathOptions {
  /** The path that the user wants, if any. */
  readonly wanted: unknown;
  /** The name of what is added. */
  readonly name: string;
  /** What is added, for messages. */
  readonly source: string;
}

/**
 * Finds the path that an object gets within its artifact, by the Python SDK's rule: no path means the name of what is
 * added; one leading `/` does not count; a path that ends with `/` is a directory, to which the name is added.
 *
 * @param options What the user wants, and what is added.
 * @returns The path, checked.
 * @throws {TypeError} If the path is no string.
 * @throws {RangeError} If no object may lie there.
 */
export function objectPath(options: ObjectPathOptions): string {
  const { wanted = "", name, source } = options;
  if (typeof wanted !== "string") {
    throw new TypeError(
      `The object path of "${source}" must be a string, and is ${
        Deno.inspect(wanted)
      }`,
    );
  }
  const below = wanted.startsWith("/") ? wanted.slice(1) : wanted;
  const needsName = below === "" || below.endsWith("/");
  if (needsName && name === "") {
    throw new RangeError(
      `"${source}" ends in no name that its object could have: pass an object path, such as "data/file.bin"`,
    );
  }
  return checkObjectPath(needsName ? below + name : below);
}

/**
 * Checks that an object may lie at a path.
 *
 * @param path The path, relative to the artifact, with `/`.
 * @returns The path.
 * @throws {RangeError} If it leads elsewhere, or to a document of the artifact.
 */
export function checkObjectPath(path: string): string {
  const problem = problemOf(path);
  if (problem === undefined) return path;
  throw new RangeError(
    `No object of an artifact can have the path ${
      JSON.stringify(path)
    }: ${problem}`,
  );
}

const MAX_SEGMENT_BYTES = 255;
const MAX_PATH_BYTES = 1024;
const encoder = new TextEncoder();

function problemOf(path: string): string | undefined {
  const segments = path.split("/");
  if (path.includes("\0")) return "it holds a NUL";
  if (path.includes("\\")) return `it holds a "\\", which separates on Windows`;
  if (!path.isWellFormed()) return "it is no well-formed Unicode";
  if (segments.some((segment) => ["", ".", ".."].includes(segment))) {
    return `it has a segment that is empty, "." or ".."`;
  }
  const bytes = (text: string) => encoder.encode(text).length;
  if (segments.some((segment) => bytes(segment) > MAX_SEGMENT_BYTES)) {
    return `a segment is longer than ${MAX_SEGMENT_BYTES} bytes`;
  }
  if (bytes(path) > MAX_PATH_BYTES) {
    return `it is longer than ${MAX_PATH_BYTES} bytes`;
  }
  // Some file systems take no notice of upper and lower case.
  const first = segments[0]?.toLowerCase() ?? "";
  return [METADATA_FILE, REFERENCES_FILE].includes(first)
    ? "that is where the artifact keeps what it is"
    : undefined;
}
