import { ConfigError } from "../errors.ts";
import { isMap, kindOf } from "./config_text.ts";
import { suggest } from "./suggest.ts";

/** What a run config file says; absent is what does not stand there. */
export interface RunConfigFile {
  /** The run's name. */
  readonly name?: string;
  /** Its hyperparameters. */
  readonly hparams?: Readonly<Record<string, unknown>>;
  /** Its labels. */
  readonly labels?: readonly string[];
  /** What it is about. */
  readonly description?: string;
  /** Whether it is uploaded while it goes on. */
  readonly autoUpload?: boolean;
  /** The folder on the server. */
  readonly folder?: string;
  /** Whether a missing folder is made. */
  readonly makeFolder?: boolean;
  /** What to do when the folder holds another node of the same name. */
  readonly conflictStrategy?: "skip" | "error" | "new" | "replace";
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const STRATEGIES = ["skip", "error", "new", "replace"] as const;

/** A value of a run config file, and where it stands. */
interface Entry {
  readonly path: string;
  readonly key: string;
  readonly value: unknown;
}

/** What each key of the file becomes. */
const KEYS: Readonly<
  Record<string, (result: Writable<RunConfigFile>, entry: Entry) => void>
> = {
  name: (result, entry) => result.name = text(entry),
  hparams: (result, entry) => result.hparams = hparams(entry),
  labels: (result, entry) => result.labels = labels(entry),
  description: (result, entry) =>
    result.description = entry.value === null ? "" : text(entry),
  auto_upload: (result, entry) => result.autoUpload = flag(entry),
  folder: (result, entry) => result.folder = text(entry),
  make_folder: (result, entry) => result.makeFolder = flag(entry),
  conflict_strategy: (result, entry) =>
    result.conflictStrategy = strategy(entry),
};

/**
 * Checks what stands in a run config file.
 *
 * @param path The file, for messages.
 * @param content Its content, as `@std/yaml` reads it.
 * @returns The values under their names in this package.
 * @throws {ConfigError} If a key is unknown or a value has the wrong type.
 */
export function checkRunConfig(path: string, content: unknown): RunConfigFile {
  const known = Object.keys(KEYS).join(", ");
  if (!isMap(content)) {
    const found = content === null
      ? "it is empty"
      : `it holds ${kindOf(content)}`;
    throw new ConfigError(
      path,
      `${found}, and must hold a map with any of the keys ${known}`,
    );
  }
  const result: Writable<RunConfigFile> = {};
  for (const [key, value] of Object.entries(content)) {
    const read = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (read === undefined) {
      const near = suggest(key, Object.keys(KEYS));
      const advice = near === undefined ? "" : `, did you mean "${near}"`;
      throw new ConfigError(
        path,
        `the key "${key}" is unknown${advice}; known are ${known}`,
        { key },
      );
    }
    read(result, { path, key, value });
  }
  return result;
}

function wrong(entry: Entry, wanted: string, advice = ""): never {
  const { path, key, value } = entry;
  throw new ConfigError(
    path,
    `${key} must be ${wanted}, and is ${show(value)}${advice}`,
    { key },
  );
}

function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `the text "${value}"`;
    case "number":
    case "boolean":
      return String(value);
    default:
      return kindOf(value);
  }
}

function text(entry: Entry): string {
  const { value } = entry;
  if (typeof value === "string") return value;
  const isWord = typeof value === "number" || typeof value === "boolean";
  return wrong(entry, "a text", isWord ? "; put it in quotes" : "");
}

function flag(entry: Entry): boolean {
  const { value } = entry;
  if (typeof value === "boolean") return value;
  const isWord = /^(?:y|yes|on|n|no|off)$/i.test(`${value}`);
  return wrong(
    entry,
    "true or false",
    isWord ? "; only those two words count" : "",
  );
}

function labels(entry: Entry): readonly string[] {
  const { value } = entry;
  if (value === null) return [];
  if (!Array.isArray(value)) return wrong(entry, "a list of texts");
  return value.map((item, index) =>
    text({ ...entry, key: `${entry.key}[${index}]`, value: item })
  );
}

function strategy(entry: Entry): typeof STRATEGIES[number] {
  const found = STRATEGIES.find((one) => one === entry.value);
  if (found !== undefined) return found;
  const near = suggest(`${entry.value}`, STRATEGIES);
  const wanted = `one of ${STRATEGIES.join(", ")}`;
  return wrong(
    entry,
    wanted,
    near === undefined ? "" : `, did you mean "${near}"`,
  );
}

function hparams(entry: Entry): Readonly<Record<string, unknown>> {
  if (entry.value === null) return {};
  if (!isMap(entry.value)) return wrong(entry, "a map");
  checkPlainData(entry, new Set(), new Set());
  return entry.value;
}

/** Refuses what YAML tags can make and hyperparameters cannot hold, and what contains itself. */
function checkPlainData(
  entry: Entry,
  open: Set<object>,
  done: Set<object>,
): void {
  const { value, key } = entry;
  if (typeof value !== "object" || value === null || done.has(value)) return;
  if (open.has(value)) wrong(entry, "finite", " that contains itself");
  if (!Array.isArray(value) && !isMap(value)) {
    wrong(entry, "a text, a number, true, false, nothing, a list or a map");
  }
  open.add(value);
  for (const [name, item] of Object.entries(value)) {
    const inner = Array.isArray(value) ? `${key}[${name}]` : `${key}.${name}`;
    checkPlainData({ ...entry, key: inner, value: item }, open, done);
  }
  done.add(value);
}
