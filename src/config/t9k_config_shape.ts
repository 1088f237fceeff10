import { ConfigError } from "../errors.ts";
import { isMap, kindOf } from "./config_text.ts";
import { suggest } from "./suggest.ts";

/**
 * Finds a context in the file.
 *
 * @param path The file, for the message.
 * @param file Its content.
 * @param context The context's name.
 * @returns Its place in `contexts`; undefined if no name is given, or there are no contexts at all.
 * @throws {ConfigError} If there are others, but none of that name.
 */
export function contextIndex(
  path: string,
  file: Readonly<Record<string, unknown>>,
  context: string | undefined,
): number | undefined {
  const names = contextNames(path, file);
  if (context === undefined || names.length === 0) return undefined;
  const index = names.indexOf(context);
  if (index >= 0) return index;
  const known = names.filter((name) => name !== undefined);
  const near = suggest(context, known);
  throw new ConfigError(
    path,
    `it has no context "${context}"${
      near === undefined ? "" : `, did you mean "${near}"`
    }; it has ${known.map((name) => `"${name}"`).join(", ")}`,
    { key: "contexts" },
  );
}

/**
 * The names of the file's contexts, in its order.
 *
 * @param path The file, for the message.
 * @param file Its content.
 * @returns A name, or undefined, for each entry of `contexts`.
 * @throws {ConfigError} If the contexts have another form.
 */
export function contextNames(
  path: string,
  file: Readonly<Record<string, unknown>>,
): readonly (string | undefined)[] {
  return listAt(path, file.contexts, "contexts").map((entry, index) => {
    const key = `contexts[${index}]`;
    return textAt(path, mapAt(path, entry, key).name, `${key}.name`);
  });
}

/** What a context says of the AIStore server. */
export interface ContextValues {
  /** The server's address. */
  readonly host: string | undefined;
  /** The API key. */
  readonly apiKey: string | undefined;
}

/**
 * Reads a context.
 *
 * @param path The file, for the message.
 * @param file Its content.
 * @param index The context's place in `contexts`; undefined or -1 if there is none.
 * @returns What is known.
 * @throws {ConfigError} If a value has the wrong type.
 */
export function readContextAt(
  path: string,
  file: Readonly<Record<string, unknown>>,
  index = -1,
): ContextValues {
  const key = `contexts[${index}]`;
  const contexts = listAt(path, file.contexts, "contexts");
  const entry = mapAt(path, contexts[index], key);
  const prefixes = mapAt(path, entry.prefixes, `${key}.prefixes`);
  const auth = mapAt(path, entry.auth, `${key}.auth`);
  const server = textAt(path, entry.server, `${key}.server`);
  const prefix = textAt(path, prefixes.aistore, `${key}.prefixes.aistore`);
  const host = server && prefix !== undefined ? server + prefix : undefined;
  const apiKey = textAt(path, auth.apikey, `${key}.auth.apikey`) || undefined;
  return { host, apiKey };
}

/** The map at a key; empty if nothing stands there. */
export function mapAt(
  path: string,
  value: unknown,
  key: string,
): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  return isMap(value) ? value : wrongType(path, value, key, "a map");
}

/** The text at a key; undefined if nothing stands there. */
export function textAt(
  path: string,
  value: unknown,
  key: string,
): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string"
    ? value
    : wrongType(path, value, key, "a text");
}

function listAt(
  path: string,
  value: unknown,
  key: string,
): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : wrongType(path, value, key, "a list");
}

/** Does not say the value: it may be a secret. */
function wrongType(
  path: string,
  value: unknown,
  key: string,
  wanted: string,
): never {
  throw new ConfigError(
    path,
    `${key} must be ${wanted}, and is ${kindOf(value)}`,
    {
      key,
    },
  );
}
