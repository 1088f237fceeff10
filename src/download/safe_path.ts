/** How {@linkcode brokenPathRule} judges. */
export interface PathRuleOptions {
  /** The operating system. Default: this one. */
  readonly os?: typeof Deno.build.os;
}

/** How long the name of a file may be, in bytes, on the file systems in use. */
const MAX_BYTES = 255;
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
// deno-lint-ignore no-control-regex -- control characters are what is looked for
const WINDOWS_FORBIDDEN = /[\x01-\x1f<>:"|?*]|[ .]$/;

/**
 * Tells why a path that a server names must not be used: it could lead out of the directory that it is meant for, or
 * names no file.
 *
 * @param path The path, with `/`.
 * @param options The operating system.
 * @returns The rule that it breaks, as the second half of a sentence; undefined if it may be used.
 */
export function brokenPathRule(
  path: string,
  options: PathRuleOptions = {},
): string | undefined {
  const { os = Deno.build.os } = options;
  if (path.startsWith("/")) return "it is absolute";
  for (const segment of path.split("/")) {
    const rule = brokenSegmentRule(segment, os);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

function brokenSegmentRule(
  segment: string,
  os: typeof Deno.build.os,
): string | undefined {
  if (segment === "") return "it has an empty segment";
  if (segment === "." || segment === "..") return `it holds "${segment}"`;
  if (segment.includes("\0")) return "it holds NUL";
  if (segment.includes("\\")) return "it holds a backslash";
  if (!segment.isWellFormed()) return "it is not well-formed Unicode";
  if (DEVICE.test(segment)) return "it names a device on Windows";
  if (os === "windows" && WINDOWS_FORBIDDEN.test(segment)) {
    return "Windows has no such file names";
  }
  if (new TextEncoder().encode(segment).length > MAX_BYTES) {
    return `a segment is longer than ${MAX_BYTES} bytes`;
  }
  return undefined;
}

/**
 * Finds two paths that cannot both be files: a file and a directory of one name, or, where the file system does not tell
 * case apart, two spellings of one name.
 *
 * @param paths The paths, with `/`.
 * @param options The operating system.
 * @returns The two, or undefined if there are none.
 */
export function findCollision(
  paths: readonly string[],
  options: PathRuleOptions = {},
): readonly [string, string] | undefined {
  const { os = Deno.build.os } = options;
  const fold = os === "windows" || os === "darwin"
    ? (path: string) => path.normalize("NFC").toLowerCase()
    : (path: string) => path;
  const files = new Map<string, string>();
  for (const path of paths) {
    const other = files.get(fold(path));
    if (other !== undefined) return [other, path];
    files.set(fold(path), path);
  }
  for (const [folded, path] of files) {
    for (let end = folded.indexOf("/"); end >= 0;) {
      const file = files.get(folded.slice(0, end));
      if (file !== undefined) return [file, path];
      end = folded.indexOf("/", end + 1);
    }
  }
  return undefined;
}
