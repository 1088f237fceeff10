import { basename, join } from "@std/path";
import { DamagedFileError } from "../errors.ts";
import { rethrowAsDamaged } from "../format/damaged.ts";
import {
  decodeGit,
  decodePlatform,
  type GitFacts,
  type PlatformFacts,
} from "../format/environment.ts";
import { decodeRunMetadata, type RunMetadata } from "../format/metadata.ts";
import { foldMetricType } from "../format/metric_type.ts";
import { decodeIndex } from "../format/run_index.ts";
import { isYamlMap, parseYaml } from "../format/yaml_reader.ts";
import { Document } from "../local/document.ts";
import {
  metricFile,
  METRICS_DIR,
  RUN_FILES,
  stateDir,
} from "../local/layout.ts";
import { copyHparams, type OwnMap } from "./hparam_values.ts";
import { findTorn, type TornMetrics } from "./torn_metrics.ts";

/** What a run directory holds. */
export interface RunContent {
  /** What `metadata.yaml` holds, under the directory's own name. */
  readonly metadata: RunMetadata;
  /** The text of `metadata.yaml`. */
  readonly metadataText: string;
  /** The documents that change while a run lives. */
  readonly documents: {
    readonly metadata: Document;
    readonly index: Document;
    readonly hyperparameters: Document;
  };
  /** What `hyperparameters.yaml` holds. */
  readonly hparams: OwnMap;
  /** The text of `hyperparameters.yaml`. */
  readonly hparamsText: string;
  /** The metric types that the index names. */
  readonly indexed: readonly string[];
  /** The metric types, first those of the index, then those of which only the file is there. */
  readonly types: readonly string[];
  /** The metrics files that need a repair before they can go on. */
  readonly torn: readonly TornMetrics[];
  /** What `platform.yaml` holds. */
  readonly platform: PlatformFacts;
  /** What `git.yaml` holds. */
  readonly git: GitFacts;
}

/**
 * Reads a run directory, as either SDK wrote it. Nothing is changed.
 *
 * @param dir The run directory.
 * @returns What it holds.
 * @throws {DamagedFileError} If a file is missing or cannot be read; a metrics file may lack the end of its last record.
 */
export function readRunDirectory(dir: string): RunContent {
  const documents = {
    metadata: new Document(join(dir, RUN_FILES.metadata), stateDir(dir)),
    index: new Document(join(dir, RUN_FILES.index), stateDir(dir)),
    hyperparameters: new Document(
      join(dir, RUN_FILES.hyperparameters),
      stateDir(dir),
    ),
  };
  const metadataText = readText(documents.metadata);
  const hparamsText = readText(documents.hyperparameters);
  const platform = new Document(join(dir, RUN_FILES.platform), stateDir(dir));
  const git = new Document(join(dir, RUN_FILES.git), stateDir(dir));
  const indexed = readIndex(documents.index);
  const types = [...new Set([...indexed, ...filedTypes(dir)])];
  return {
    metadata: {
      ...decodeRunMetadata(metadataText, documents.metadata.path),
      alternativeName: basename(dir),
    },
    metadataText,
    documents,
    hparams: readHparams(hparamsText, documents.hyperparameters.path),
    hparamsText,
    indexed,
    types,
    platform: decodePlatform(readText(platform), platform.path),
    git: decodeGit(readText(git), git.path),
    torn: types.map((type) => findTorn(join(dir, metricFile(type))))
      .filter((torn) => torn !== undefined),
  };
}

function readText(document: Document): string {
  try {
    return document.read();
  } catch (error) {
    throw asMissing(document.path, error);
  }
}

function asMissing(path: string, error: unknown): unknown {
  return error instanceof Deno.errors.NotFound
    ? new DamagedFileError(path, "this file of the run is missing")
    : error;
}

function readIndex(document: Document): readonly string[] {
  const types = decodeIndex(readText(document), document.path);
  const wrong = types.find((type) => !isFileName(type));
  if (wrong === undefined) return types;
  throw new DamagedFileError(
    document.path,
    `metric type ${JSON.stringify(wrong)} cannot name a file`,
  );
}

/** The Python SDK lists a type before its first record, and a process may have been killed between the two. */
function filedTypes(dir: string): string[] {
  try {
    return [...Deno.readDirSync(join(dir, METRICS_DIR))]
      .filter(({ name, isFile }) => isFile && name.endsWith(".yaml"))
      .map(({ name }) => name.slice(0, -".yaml".length))
      .filter(isFileName).sort();
  } catch (error) {
    // An empty directory does not travel through a server.
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function isFileName(type: string): boolean {
  try {
    foldMetricType(type);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function readHparams(text: string, path: string): OwnMap {
  const value = rethrowAsDamaged(path, () => parseYaml(text));
  if (!isYamlMap(value)) throw new DamagedFileError(path, "it must hold a map");
  return copyHparams(value, "hparams");
}
