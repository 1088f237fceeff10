import { basename, join } from "@std/path";
import { DamagedFileError, NotFoundError } from "../errors.ts";
import type { OwnMap, OwnValue } from "../run/hparam_values.ts";
import { isMap, readJson } from "./hparams_import.ts";
import {
  type ImportedEnd,
  type ImportedRun,
  type ImportTaker,
  unreadableRun,
} from "./imported_run.ts";
import { placeOfMetric } from "./metric_place.ts";
import { ProtoError, protoFields, protoInt, protoText } from "./protobuf.ts";
import { identityOfFiles } from "./source_identity.ts";
import { readWandbLog } from "./wandb_log.ts";

/** The fields of W&B's `Record` that are read, and those that are only counted. */
const RECORD = {
  history: 2,
  output: 4,
  config: 5,
  outputRaw: 13,
  run: 17,
  exit: 18,
};
const LEFT: ReadonlyMap<number, string> = new Map([
  [7, "records of system metrics"],
  [8, "artifacts"],
  [10, "alerts"],
]);
const RUN = {
  id: 1,
  config: 4,
  displayName: 8,
  notes: 9,
  tags: 10,
  host: 13,
  startTime: 17,
  git: 21,
};
/** What images, histograms and the like have, and numbers do not. */
const MEDIA = "._type";
const ITEM = { key: 1, nestedKey: 2, value: 16 };

/**
 * Finds the runs that W&B recorded offline.
 *
 * @param path A `.wandb` file, the directory of a run, or one above, such as `wandb`.
 * @returns The runs, which are read when they are written.
 * @throws {NotFoundError} If there is no `.wandb` file.
 */
export function findWandbRuns(path: string): Promise<ImportedRun[]> {
  const files = [...wandbFiles(path)];
  if (files.length === 0) throw new NotFoundError(path, ".wandb file of W&B");
  return Promise.resolve(files.map(toImported));
}

function toImported(path: string): ImportedRun {
  const source = `W&B: ${path}`;
  const facts = readHead(path);
  if (facts instanceof Error) return unreadableRun(source, facts);
  return {
    source,
    name: facts.displayName || facts.id || basename(path, ".wandb"),
    startMs: facts.startMs ?? Deno.statSync(path).mtime?.getTime() ?? 0,
    identity: identityOfFiles("W&B", path),
    read: (taker) => Promise.resolve(new WandbReader(taker).read(path)),
  };
}

/** What a run says of itself at its beginning. */
interface RunFacts {
  id: string;
  displayName: string;
  notes: string;
  tags: string[];
  host: string;
  startMs: number | undefined;
  remoteUrl: string | null;
  commit: string | null;
}

function noFacts(): RunFacts {
  return {
    id: "",
    displayName: "",
    notes: "",
    tags: [],
    host: "",
    startMs: undefined,
    remoteUrl: null,
    commit: null,
  };
}

/** Reads only as far as the record of the run itself. */
function readHead(path: string): RunFacts | Error {
  const facts = noFacts();
  try {
    for (const record of readWandbLog(path, () => {})) {
      for (const { number, bytes } of protoFields(record)) {
        if (number !== RECORD.run) continue;
        readRunFacts(bytes, facts);
        return facts;
      }
    }
    return facts;
  } catch (error) {
    if (error instanceof DamagedFileError || error instanceof ProtoError) {
      return error;
    }
    throw error;
  }
}

function readRunFacts(bytes: Uint8Array, facts: RunFacts): void {
  const tags: string[] = [];
  for (const field of protoFields(bytes)) {
    if (field.number === RUN.id) facts.id = protoText(field);
    else if (field.number === RUN.displayName) {
      facts.displayName = protoText(field);
    } else if (field.number === RUN.notes) facts.notes = protoText(field);
    else if (field.number === RUN.tags) tags.push(protoText(field));
    else if (field.number === RUN.host) facts.host = protoText(field);
    else if (field.number === RUN.startTime) {
      facts.startMs = readTime(field.bytes);
    } else if (field.number === RUN.git) {
      for (const part of protoFields(field.bytes)) {
        if (part.number === 1) facts.remoteUrl = protoText(part) || null;
        if (part.number === 2) facts.commit = protoText(part) || null;
      }
    }
  }
  if (tags.length > 0) facts.tags = tags;
}

/** A time of `google.protobuf.Timestamp`, in milliseconds. */
function readTime(bytes: Uint8Array): number {
  let ms = 0;
  for (const field of protoFields(bytes)) {
    if (field.number === 1) ms += protoInt(field) * 1000;
    if (field.number === 2) ms += protoInt(field) / 1e6;
  }
  return ms;
}

/** One entry of a config or of a history. */
interface Item {
  readonly keys: readonly string[];
  readonly json: string;
}

function readItem(bytes: Uint8Array): Item {
  let key = "";
  let json = "";
  const nested: string[] = [];
  for (const field of protoFields(bytes)) {
    if (field.number === ITEM.key) key = protoText(field);
    else if (field.number === ITEM.nestedKey) nested.push(protoText(field));
    else if (field.number === ITEM.value) json = protoText(field);
  }
  return { keys: nested.length > 0 ? nested : [key], json };
}

/** Reads the records of one run. */
class WandbReader {
  readonly #taker: ImportTaker;
  readonly #facts = noFacts();
  readonly #config: OwnMap = {};
  /** What is left out, by what it is, with its number. */
  readonly #left = new Map<string, number>();
  #exitCode: number | undefined;
  #lastMs = 0;
  #step = 0;

  constructor(taker: ImportTaker) {
    this.#taker = taker;
  }

  read(path: string): ImportedEnd {
    for (const record of readWandbLog(path, this.#taker.note)) {
      try {
        this.#take(record);
      } catch (error) {
        if (!(error instanceof ProtoError)) throw error;
        this.#leave("records that cannot be read");
      }
    }
    for (const [what, count] of this.#left) {
      this.#taker.note(`left out ${count} ${what}`);
    }
    if (this.#exitCode === undefined) {
      this.#taker.note("the run has no end: its process was killed, or runs");
    }
    const { notes, tags, host, remoteUrl, commit } = this.#facts;
    return {
      status: this.#exitCode === 0 ? "Complete" : "Error",
      hparams: this.#config,
      labels: tags,
      platform: { hostname: host || null },
      git: { remote_url: remoteUrl, commit },
      ...(notes === "" ? {} : { description: notes }),
    };
  }

  #take(record: Uint8Array): void {
    for (const { number, bytes } of protoFields(record)) {
      if (number === RECORD.history) this.#takeHistory(bytes);
      else if (number === RECORD.config) this.#takeConfig(bytes);
      else if (number === RECORD.run) this.#takeRun(bytes);
      else if (number === RECORD.exit) {
        this.#exitCode = 0;
        for (const field of protoFields(bytes)) {
          if (field.number === 1) this.#exitCode = protoInt(field);
        }
      } else if (number === RECORD.output || number === RECORD.outputRaw) {
        for (const field of protoFields(bytes)) {
          if (field.number === 3) this.#taker.output(protoText(field));
        }
      } else {
        const what = LEFT.get(number);
        if (what !== undefined) this.#leave(what);
      }
    }
  }

  #takeRun(bytes: Uint8Array): void {
    readRunFacts(bytes, this.#facts);
    this.#lastMs = Math.max(this.#lastMs, this.#facts.startMs ?? 0);
    for (const field of protoFields(bytes)) {
      if (field.number === RUN.config) this.#takeConfig(field.bytes);
    }
  }

  #takeConfig(bytes: Uint8Array): void {
    for (const { number, bytes: item } of protoFields(bytes)) {
      const { keys, json } = readItem(item);
      // What W&B notes of itself.
      if (keys[0] === "_wandb") continue;
      if (number === 1) place(this.#config, keys, readJson(json) ?? json);
      if (number === 2 && keys.length === 1) delete this.#config[keys[0] ?? ""];
    }
  }

  #takeHistory(bytes: Uint8Array): void {
    const items: [name: string, value: OwnValue | undefined][] = [];
    for (const field of protoFields(bytes)) {
      if (field.number === 2) {
        for (const part of protoFields(field.bytes)) {
          if (part.number === 1) this.#step = protoInt(part);
        }
      } else if (field.number === 1) {
        const { keys, json } = readItem(field.bytes);
        items.push([keys.join("."), readJson(json)]);
      }
    }
    const media = items.filter(([name]) => name.endsWith(MEDIA))
      .map(([name]) => name.slice(0, -MEDIA.length));
    media.forEach((name) => this.#leave(`values of "${name}": no numbers`));
    const values: [string, number][] = [];
    for (const [name, value] of items) {
      if (media.some((one) => name.startsWith(`${one}.`))) continue;
      this.#flatten(name, value, values);
    }
    const byType = new Map<string, [string, number][]>();
    for (const [name, value] of values) {
      if (name === "_timestamp") this.#lastMs = value * 1000;
      else if (name === "_step") this.#step = value;
      else if (name !== "_runtime") {
        const place = placeOfMetric(name);
        const list = byType.get(place.type) ?? [];
        list.push([place.name, value]);
        byType.set(place.type, list);
      }
    }
    for (const [type, list] of byType) {
      this.#taker.record({
        type,
        values: Object.fromEntries(list),
        step: this.#step,
        timeMs: this.#lastMs,
      });
    }
  }

  /** Takes the numbers out of a value; maps that are not media give several. */
  #flatten(
    name: string,
    value: OwnValue | undefined,
    into: [string, number][],
  ): void {
    if (typeof value === "number" || typeof value === "boolean") {
      into.push([name, Number(value)]);
    } else if (isMap(value) && !Object.hasOwn(value, "_type")) {
      for (const [key, inner] of Object.entries(value)) {
        this.#flatten(`${name}.${key}`, inner, into);
      }
    } else this.#leave(`values of "${name}": no numbers`);
  }

  #leave(what: string): void {
    this.#left.set(what, (this.#left.get(what) ?? 0) + 1);
  }
}

function place(map: OwnMap, keys: readonly string[], value: OwnValue): void {
  const [key = "", ...rest] = keys;
  if (rest.length > 0) {
    const known = Object.hasOwn(map, key) ? map[key] : undefined;
    const inner = isMap(known) ? known : {};
    place(inner, rest, value);
    value = inner;
  }
  Object.defineProperty(map, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function* wandbFiles(path: string): Generator<string> {
  let entries: Deno.DirEntry[];
  try {
    if (Deno.statSync(path).isFile) {
      yield path;
      return;
    }
    entries = [...Deno.readDirSync(path)];
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new NotFoundError(path, "file or directory");
  }
  for (const { name, isFile, isDirectory } of entries.sort(byName)) {
    // Not the links: the latest run has one under another name.
    if (isFile && name.endsWith(".wandb")) yield join(path, name);
    else if (isDirectory) yield* wandbFiles(join(path, name));
  }
}

function byName(a: Deno.DirEntry, b: Deno.DirEntry): number {
  return a.name < b.name ? -1 : 1;
}
