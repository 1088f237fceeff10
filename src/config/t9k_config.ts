import { parseConfigText, readConfigText } from "./config_text.ts";
import {
  DEFAULT_PLACE,
  findT9kConfig,
  openEnvironment,
} from "./t9k_config_path.ts";
import { isSameHost } from "./same_host.ts";
import {
  contextIndex,
  contextNames,
  mapAt,
  readContextAt,
  textAt,
} from "./t9k_config_shape.ts";

/** What the t9k config file says of the AIStore server. */
export interface T9kConfig {
  /** The file, which need not exist; `~/.t9k/t9k-config.yaml` as such where the home directory is not known. */
  readonly path: string;
  /** The name of the context in use. */
  readonly context: string | undefined;
  /** The AIStore server's address: the context's `server` and `prefixes.aistore` put together. */
  readonly host: string | undefined;
  /** The context's `auth.apikey`. */
  readonly apiKey: string | undefined;
  /** The flags of the permissions that were missing, such as `--allow-env=T9K_CONFIG`. */
  readonly missing: readonly string[];
}

/** Options of {@linkcode loadT9kConfig}. */
export interface LoadT9kConfigOptions {
  /** Reads an environment variable. Default: the real environment, as far as the permissions go. */
  readonly env?: (name: string) => string | undefined;
  /** The file. Default: the environment variable `T9K_CONFIG`, else `~/.t9k/t9k-config.yaml`. */
  readonly path?: string;
  /**
   * The AIStore server that is wanted. If the context in use is of another one, or has no key for it, the first context
   * that has a key for it is taken instead. Default: any.
   */
  readonly host?: string;
}

/**
 * Reads server and API key from the config file that the platform's command line tools share. The context is that
 * of the environment variable `T9K_CONFIG_CONTEXT`, else the file's `current-context`. Nothing is ever prompted for: what
 * may not be read counts as not configured.
 *
 * @param options Other places to read from.
 * @returns What is known; a missing file or a missing part leaves its values undefined.
 * @throws {ConfigError} If the file is malformed, a value has the wrong type, or there is no context of that name.
 */
export async function loadT9kConfig(
  options: LoadT9kConfigOptions = {},
): Promise<T9kConfig> {
  const environment = openEnvironment(options.env);
  const path = options.path ?? findT9kConfig(environment);
  const wanted = environment.get("T9K_CONFIG_CONTEXT");
  const missing = environment.refused.length > 0
    ? [`--allow-env=${environment.refused.join(",")}`]
    : [];
  const found = { path: path ?? DEFAULT_PLACE, missing };
  const nothing = { context: wanted, host: undefined, apiKey: undefined };
  if (path === undefined) return { ...nothing, ...found };
  const query = { name: "read", path } as const;
  if (Deno.permissions.querySync(query).state !== "granted") {
    missing.push(`--allow-read=${path}`);
    return { ...nothing, ...found };
  }
  const text = await readConfigText(path);
  if (text === undefined) return { ...nothing, ...found };
  const value = await parseConfigText(path, text);
  const inUse = readContext(path, value, wanted);
  return { ...forHost(path, value, { inUse, host: options.host }), ...found };
}

/** A context of the config file, without its key. */
export interface ListedContext {
  /** Its name. */
  readonly name: string;
  /** The AIStore server's address; undefined if it names none. */
  readonly host: string | undefined;
  /** Whether it is the one in use. */
  readonly isCurrent: boolean;
  /** Whether it holds an API key. */
  readonly hasKey: boolean;
}

/**
 * Lists the contexts of the config file.
 *
 * @param options Other places to read from.
 * @returns The file, and its contexts in its order; none where there is no file.
 * @throws {ConfigError} If the file is malformed, or a value has the wrong type.
 */
export async function listContexts(
  options: Pick<LoadT9kConfigOptions, "env"> = {},
): Promise<
  { readonly path: string; readonly contexts: readonly ListedContext[] }
> {
  const environment = openEnvironment(options.env);
  const path = findT9kConfig(environment);
  if (path === undefined) return { path: DEFAULT_PLACE, contexts: [] };
  const text = await readConfigText(path);
  if (text === undefined) return { path, contexts: [] };
  const file = mapAt(path, await parseConfigText(path, text), "the file");
  const current = environment.get("T9K_CONFIG_CONTEXT") ??
    textAt(path, file["current-context"], "current-context");
  const contexts: ListedContext[] = [];
  for (const [index, name] of contextNames(path, file).entries()) {
    if (name === undefined) continue;
    const { host, apiKey } = readContextAt(path, file, index);
    const isCurrent = name === current;
    contexts.push({ name, isCurrent, hasKey: apiKey !== undefined, host });
  }
  return { path, contexts };
}

type Context = Pick<T9kConfig, "context" | "host" | "apiKey">;

/** The context in use if it serves for a host, or none does; otherwise one that does. */
function forHost(
  path: string,
  value: unknown,
  { inUse, host }: {
    readonly inUse: Context;
    readonly host?: string | undefined;
  },
): Context {
  const serves = (context: Pick<Context, "host" | "apiKey">) =>
    host !== undefined && context.apiKey !== undefined &&
    isSameHost(host, context.host);
  if (host === undefined || serves(inUse)) return inUse;
  const file = mapAt(path, value, "the file");
  for (const [index, context] of contextNames(path, file).entries()) {
    const values = readContextAt(path, file, index);
    if (serves(values)) return { context, ...values };
  }
  return inUse;
}

function readContext(
  path: string,
  value: unknown,
  wanted: string | undefined,
): Context {
  const file = mapAt(path, value, "the file");
  const current = textAt(path, file["current-context"], "current-context");
  const context = wanted ?? current;
  const index = contextIndex(path, file, context);
  return { context, ...readContextAt(path, file, index) };
}
