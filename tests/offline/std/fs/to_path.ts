import { fileURLToPath } from "node:url";

/** The path of a URL, or the path itself. */
export function toPath(path: string | URL): string {
  return path instanceof URL ? fileURLToPath(path) : path;
}
