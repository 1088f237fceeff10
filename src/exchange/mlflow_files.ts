import { basename, join } from "@std/path";
import { DamagedFileError } from "../errors.ts";
import { rethrowAsDamaged } from "../format/damaged.ts";
import { isYamlMap, parseYaml } from "../format/yaml_reader.ts";
import type { YamlMap } from "../format/yaml_value.ts";
import { fingerprint } from "../local/fingerprint.ts";
import { type ImportedRun, unreadableRun } from "./imported_run.ts";
import {
  mlflowEnd,
  type MlflowFacts,
  mlflowRecords,
  type MlflowValue,
} from "./mlflow_run.ts";

const META = "meta.yaml";
/** What the numbers in `meta.yaml` stand for. */
const STATUSES = ["", "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];
const WORDS: ReadonlyMap<string, number> = new Map([
  ["nan", NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
]);

/**
 * Finds the runs in MLflow's store of files, without those that were deleted.
 *
 * @param path The store (`mlruns`), the directory of an experiment, or of a run.
 * @returns The runs, which are read when they are written.
 */
export function mlflowFileRuns(path: string): ImportedRun[] {
  const found: ImportedRun[] = [];
  for (const dir of [path, ...childDirs(path, 2)]) {
    const meta = readMeta(join(dir, META));
    if (meta instanceof DamagedFileError) {
      found.push(unreadableRun(`MLflow: ${dir}`, meta));
      continue;
    }
    if (meta === undefined || !Object.hasOwn(meta, "run_id")) continue;
    if (meta.lifecycle_stage === "deleted") continue;
    found.push(toImported(dir, meta));
  }
  return found;
}

function toImported(dir: string, meta: YamlMap): ImportedRun {
  const startMs = Number(meta.start_time ?? 0);
  return {
    source: `MLflow: ${dir}`,
    name: String(meta.run_name || basename(dir)),
    startMs,
    identity: {
      key: `MLflow files: run ${meta.run_id}`,
      stamp: async () => await fingerprint(dir) ?? "",
    },
    read(taker) {
      const facts: MlflowFacts = {
        status: STATUSES[Number(meta.status)] ?? String(meta.status),
        endMs: typeof meta.end_time === "number" ? meta.end_time : undefined,
        params: readTexts(join(dir, "params")),
        tags: new Map(readTexts(join(dir, "tags"))),
      };
      const values = [...readValues(join(dir, "metrics"), taker.note)]
        .sort((a, b) => a.timeMs - b.timeMs || a.step - b.step);
      for (const record of mlflowRecords(values)) taker.record(record);
      return Promise.resolve(mlflowEnd(facts, taker.note));
    },
  };
}

/** The values of all metrics; a metric's name is its file's path. */
function* readValues(
  dir: string,
  note: (message: string) => void,
): Generator<MlflowValue> {
  for (const [key, text] of readTexts(dir)) {
    for (const line of text.split("\n")) {
      if (line === "") continue;
      const [time, word = "", step = "0"] = line.split(" ");
      const value = WORDS.get(word.toLowerCase()) ?? Number(word);
      const read = { key, value, step: Number(step), timeMs: Number(time) };
      const isWhole = word !== "" && Number.isFinite(read.timeMs) &&
        Number.isSafeInteger(read.step) && (WORDS.has(word) || !isNaN(value));
      if (isWhole) yield read;
      else note(`left out a line of the metric "${key}": ${line}`);
    }
  }
}

/** The texts of the files at any depth, by their paths; none if there is no such directory. */
function readTexts(dir: string, below = ""): [string, string][] {
  return entriesOf(join(dir, below)).flatMap(
    ({ name, isFile, isDirectory }) => {
      const path = below + name;
      if (isDirectory) return readTexts(dir, `${path}/`);
      return isFile
        ? [[path, Deno.readTextFileSync(join(dir, path))] as [string, string]]
        : [];
    },
  );
}

function childDirs(dir: string, depth: number): string[] {
  if (depth === 0) return [];
  return entriesOf(dir)
    .filter(({ name, isDirectory }) => isDirectory && name !== ".trash")
    .flatMap(({ name }) => {
      const path = join(dir, name);
      return [path, ...childDirs(path, depth - 1)];
    });
}

function entriesOf(dir: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(dir)].sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function readMeta(path: string): YamlMap | DamagedFileError | undefined {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  try {
    const value = rethrowAsDamaged(path, () => parseYaml(text));
    return isYamlMap(value)
      ? value
      : new DamagedFileError(path, "it must hold a map");
  } catch (error) {
    if (error instanceof DamagedFileError) return error;
    throw error;
  }
}
