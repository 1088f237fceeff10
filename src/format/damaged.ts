import { DamagedFileError } from "../errors.ts";
import { YamlError } from "./yaml_reader.ts";

/**
 * Reads a document and turns malformed YAML into an error that names the file.
 *
 * @param path The file.
 * @param read Reads the document.
 * @returns What `read` returns.
 * @throws {DamagedFileError} If `read` throws a {@linkcode YamlError}.
 */
export function rethrowAsDamaged<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new DamagedFileError(path, error.problem, {
      cause: error,
      ...(error.line !== undefined && { line: error.line }),
    });
  }
}
