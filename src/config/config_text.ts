import { ConfigError } from "../errors.ts";

/**
 * Reads a config file's text.
 *
 * @param path The file.
 * @returns The text; undefined if there is no such file.
 * @throws {ConfigError} If it cannot be read, or is not UTF-8.
 */
export async function readConfigText(
  path: string,
): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new ConfigError(path, `it cannot be read (${systemReason(error)})`, {
      cause: error,
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ConfigError(path, "it is not UTF-8 text", { cause: error });
  }
}

/** What the operating system said, without the path that Deno adds. */
function systemReason(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  return error.message.replace(/^(.*?) \(os error \d+\).*$/s, "$1");
}

/**
 * Parses a config file's text with `@std/yaml`.
 *
 * @param path The file, for the message.
 * @param text Its text.
 * @returns The value; `null` for an empty file.
 * @throws {ConfigError} If it is not YAML. The file's text is not part of the message: it may hold a secret.
 */
export async function parseConfigText(
  path: string,
  text: string,
): Promise<unknown> {
  const { parse } = await import("@std/yaml");
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [reason] = error.message.split(/:?\n/, 1);
    throw new ConfigError(path, `it is not valid YAML: ${reason}`);
  }
}

/**
 * Says what kind of value stands somewhere, without saying the value.
 *
 * @param value A value from a YAML file.
 * @returns Such as `a list` or `nothing`.
 */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return isMap(value) ? "a map" : "binary data";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

/** Whether a value from a YAML file is a map. */
export function isMap(
  value: unknown,
): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
