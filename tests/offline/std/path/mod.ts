/**
 * Stand-in for `@std/path` over `node:path`.
 *
 * @module
 */

import nodePath from "node:path";

const isWindows = Deno.build.os === "windows";

/** What separates the parts of a path here. */
export const SEPARATOR: "/" | "\\" = isWindows ? "\\" : "/";
/** Matches one or more separators. */
export const SEPARATOR_PATTERN: RegExp = isWindows ? /[\\/]+/ : /\/+/;
/** What separates the paths in a list here. */
export const DELIMITER: ":" | ";" = isWindows ? ";" : ":";

/** The last part of a path, without `suffix`. */
export function basename(path: string | URL, suffix = ""): string {
  return nodePath.basename(toPath(path), suffix);
}

/** The path without its last part. */
export function dirname(path: string | URL): string {
  return nodePath.dirname(toPath(path));
}

/** The extension of the last part, with its dot. */
export function extname(path: string | URL): string {
  return nodePath.extname(toPath(path));
}

/** Whether the path starts at a root. */
export function isAbsolute(path: string): boolean {
  return nodePath.isAbsolute(path);
}

/** Puts parts together and normalizes the whole. */
export function join(path: string | URL, ...paths: string[]): string {
  return nodePath.join(toPath(path), ...paths);
}

/** Resolves `.` and `..` and repeated separators. */
export function normalize(path: string | URL): string {
  return nodePath.normalize(toPath(path));
}

/** The way from one path to another. */
export function relative(from: string, to: string): string {
  return nodePath.relative(from, to);
}

/** The absolute path that a sequence of parts leads to. */
export function resolve(...pathSegments: string[]): string {
  // As the original does. Without it, Node's would load node:process for the same answer.
  return nodePath.resolve(Deno.cwd(), ...pathSegments);
}

/** The path that a `file:` URL stands for. */
export function fromFileUrl(url: URL | string): string {
  const { protocol, host, pathname } = new URL(url);
  if (protocol !== "file:") {
    throw new TypeError(`URL must be a file URL: received "${protocol}"`);
  }
  const path = decodeURIComponent(
    pathname.replaceAll(/%(?![0-9A-Fa-f]{2})/g, "%25"),
  );
  if (!isWindows) return path;
  const native = path.replaceAll("/", "\\");
  return host === ""
    ? native.replace(/^\\(?=[A-Za-z]:\\)/, "")
    : `\\\\${host}${native}`;
}

/** The `file:` URL of an absolute path. */
export function toFileUrl(path: string): URL {
  if (!isAbsolute(path)) {
    throw new TypeError(`Path must be absolute: received "${path}"`);
  }
  const [, host, rest] = isWindows &&
      /^[\\/]{2}([^\\/]+)([\\/].*)$/.exec(path) ||
    ["", "", path];
  const slashed = isWindows ? rest?.replaceAll("\\", "/") : rest;
  const url = new URL("file:///");
  url.pathname = (slashed ?? "").replace(/^\/+/, "/")
    .replaceAll(/[%\\\s]/g, (mark) => encodeURIComponent(mark));
  if (host) url.hostname = host;
  return url;
}

function toPath(path: string | URL): string {
  return path instanceof URL ? fromFileUrl(path) : path;
}
