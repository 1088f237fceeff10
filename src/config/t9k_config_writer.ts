import { type Document, isMap, parseDocument, YAMLMap, YAMLSeq } from "yaml";
import { ConfigError } from "../errors.ts";
import { readConfigText } from "./config_text.ts";
import { assetHubPrefix, splitHost } from "./split_host.ts";
import { findT9kConfig, openEnvironment } from "./t9k_config_path.ts";
import {
  contextIndex,
  contextNames,
  mapAt,
  readContextAt,
  textAt,
} from "./t9k_config_shape.ts";
import { writePrivateFile } from "./write_private_file.ts";

/** Which context of which t9k config file is changed. */
export interface T9kContextOptions {
  /** The file. Default: the environment variable `T9K_CONFIG`, else `~/.t9k/t9k-config.yaml`. */
  readonly path?: string;
  /**
   * The context. Default: the environment variable `T9K_CONFIG_CONTEXT`, else the file's current one, else
   * `default-context`.
   */
  readonly context?: string;
  /** Reads an environment variable. Default: the real environment, as far as the permissions go. */
  readonly env?: (name: string) => string | undefined;
}

/** Options of {@linkcode saveLogin}. */
export interface SaveLoginOptions extends T9kContextOptions {
  /** The AIStore server's address, without a trailing slash. */
  readonly host: string;
  /** The API key. */
  readonly apiKey: string;
}

/** What was done to a context. */
export interface SavedLogin {
  /** The file. */
  readonly path: string;
  /** The context. */
  readonly context: string;
  /** Whether the file was written. */
  readonly changed: boolean;
  /** The address that the context had before. */
  readonly previousHost: string | undefined;
}

/**
 * Writes server and API key into the t9k config file, makes the context the current one, and keeps everything else:
 * other contexts, keys of other tools, comments. The file gets mode 0600.
 *
 * The Python SDK cannot be imported without `prefixes.asset-hub`, so a context that has none gets one.
 *
 * @param options Server, key, file and context.
 * @returns What was done.
 * @throws {ConfigError} If the file that is there is malformed.
 */
export async function saveLogin(
  options: SaveLoginOptions,
): Promise<SavedLogin> {
  const file = await open(options);
  const { path, document, context, previousHost } = file;
  const { server, prefix } = splitHost(options.host);
  document.set("current-context", context);
  const entry = file.entry ?? addContext(file);
  entry.set("server", server);
  const prefixes = childMap(path, entry, "prefixes");
  prefixes.set("aistore", prefix);
  if (!prefixes.has("asset-hub")) {
    prefixes.set("asset-hub", assetHubPrefix(prefix));
  }
  childMap(path, entry, "auth").set("apikey", options.apiKey);
  await write(file);
  return { path, context, changed: true, previousHost };
}

/**
 * Takes the API key out of a context of the t9k config file; everything else stays.
 *
 * @param options File and context.
 * @returns What was done; nothing where there was no key.
 * @throws {ConfigError} If the file that is there is malformed.
 */
export async function removeLogin(
  options: T9kContextOptions = {},
): Promise<SavedLogin> {
  const file = await open(options);
  const { path, context, entry, previousHost } = file;
  const auth = entry?.get("auth");
  const changed = isMap(auth) && auth.delete("apikey");
  if (changed) await write(file);
  return { path, context, changed, previousHost };
}

/**
 * Makes a context of the t9k config file the current one; everything else stays.
 *
 * @param name The context.
 * @param options The file.
 * @returns What was done; nothing where it was the current one.
 * @throws {ConfigError} If the file is malformed, or has no such context.
 */
export async function useContext(
  name: string,
  options: Omit<T9kContextOptions, "context"> = {},
): Promise<SavedLogin> {
  const file = await open({ ...options, context: name });
  const { path, document, entry, previousHost } = file;
  if (entry === undefined) {
    // Says which there are.
    contextIndex(path, mapAt(path, document.toJS(), "the file"), name);
    throw new ConfigError(path, `it has no context "${name}"`, {
      key: "contexts",
    });
  }
  const changed = document.get("current-context") !== name;
  if (changed) {
    document.set("current-context", name);
    await write(file);
  }
  return { path, context: name, changed, previousHost };
}

interface OpenFile {
  readonly path: string;
  readonly document: Document;
  readonly context: string;
  readonly entry: YAMLMap | undefined;
  readonly previousHost: string | undefined;
}

async function open(options: T9kContextOptions): Promise<OpenFile> {
  const environment = openEnvironment(options.env);
  const path = options.path ?? findT9kConfig(environment);
  if (path === undefined) {
    throw new ConfigError(
      "~/.t9k/t9k-config.yaml",
      "the home directory is not known; set T9K_CONFIG to the file's path",
    );
  }
  const document = parse(path, await readConfigText(path) ?? "");
  const content = mapAt(path, document.toJS(), "the file");
  const context = options.context ??
    environment.get("T9K_CONFIG_CONTEXT") ??
    textAt(path, content["current-context"], "current-context") ??
    "default-context";
  const index = contextNames(path, content).indexOf(context);
  const { host: previousHost } = readContextAt(path, content, index);
  if (!isMap(document.contents)) document.contents = document.createNode({});
  const entry = document.getIn(["contexts", index]);
  if (index < 0) {
    return { path, document, context, entry: undefined, previousHost };
  }
  if (!isMap(entry)) throw notWritable(path, `contexts[${index}]`);
  return { path, document, context, entry, previousHost };
}

async function write({ path, document }: OpenFile): Promise<void> {
  const text = document.toString({
    indentSeq: false,
    lineWidth: 0,
    flowCollectionPadding: false,
  });
  await writePrivateFile(path, text);
}

function parse(path: string, text: string): Document {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new ConfigError(path, `it is not valid YAML: ${error.message}`);
  }
  return document;
}

function addContext({ path, document, context }: OpenFile): YAMLMap {
  let contexts = document.get("contexts");
  if (contexts === undefined || contexts === null) {
    contexts = new YAMLSeq();
    document.set("contexts", contexts);
  }
  if (!(contexts instanceof YAMLSeq)) throw notWritable(path, "contexts");
  const entry = new YAMLMap();
  entry.set("name", context);
  contexts.add(entry);
  return entry;
}

function childMap(path: string, parent: YAMLMap, key: string): YAMLMap {
  const child = parent.get(key);
  if (isMap(child)) return child;
  if (child !== undefined && child !== null) throw notWritable(path, key);
  const made = new YAMLMap();
  parent.set(key, made);
  return made;
}

function notWritable(path: string, key: string): ConfigError {
  return new ConfigError(
    path,
    `${key} has a form that cannot be changed here; edit the file by hand`,
    { key },
  );
}
