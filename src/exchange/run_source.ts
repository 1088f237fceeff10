import { basename, join } from "@std/path";
import type { AIStoreClient } from "../aistore/client.ts";
import { findNode } from "../download/find_node.ts";
import { withRetry } from "../download/retry.ts";
import { DamagedFileError } from "../errors.ts";
import { rethrowAsDamaged } from "../format/damaged.ts";
import { decodeRunMetadata, type RunMetadata } from "../format/metadata.ts";
import { foldMetricType } from "../format/names.ts";
import { isYamlMap, parseYaml } from "../format/yaml_reader.ts";
import type { YamlMap } from "../format/yaml_value.ts";
import { isDirectory } from "../local/is_directory.ts";
import { METRICS_DIR, RUN_FILES } from "../local/layout.ts";

/** A run that can be read piece by piece, wherever it lies. */
export interface RunSource {
  /** Where it lies: a directory, or a path on a server. */
  readonly path: string;
  /** What `metadata.yaml` holds. */
  readonly metadata: RunMetadata;
  /** The hyperparameters. */
  readonly hparams: YamlMap;
  /** The metric types. */
  readonly types: readonly string[];
  /**
   * Opens a metrics file.
   *
   * @param type One of the types.
   * @returns The file's bytes.
   */
  readonly metrics: (type: string) => Promise<AsyncIterable<Uint8Array>>;
}

/** Where {@linkcode openRun} looks. */
export interface OpenRunOptions {
  /** The server's address. Default: that of the current login. */
  readonly host?: string | undefined;
}

/** The files of a run, by their paths below it. */
interface RunFiles {
  readonly path: string;
  readonly list: () => Promise<readonly string[]>;
  readonly open: (file: string) => Promise<ReadableStream<Uint8Array>>;
}

/**
 * Opens a run for reading: a directory, or, if there is none, a run on the server. Nothing is changed.
 *
 * @param reference A run directory, or a path on the server; a relative one is below the user's root.
 * @param options Which server.
 * @returns The run.
 * @throws {NotFoundError} If there is no such run.
 * @throws {DamagedFileError} If a document of the run is missing or cannot be read.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function openRun(
  reference: string,
  { host }: OpenRunOptions = {},
): Promise<RunSource> {
  const files = host === undefined && isDirectory(reference)
    ? localFiles(reference)
    : await remoteFiles(reference, host);
  const text = async (file: string) =>
    await new Response(await files.open(file)).text();
  const metadataPath = join(files.path, RUN_FILES.metadata);
  const hparamsPath = join(files.path, RUN_FILES.hyperparameters);
  const metadata = decodeRunMetadata(
    await text(RUN_FILES.metadata),
    metadataPath,
  );
  const hparams = await readHparams(text, hparamsPath);
  return {
    path: files.path,
    metadata: { ...metadata, alternativeName: basename(files.path) },
    hparams,
    types: typesOf(await files.list()),
    metrics: (type) => files.open(`${METRICS_DIR}/${type}.yaml`),
  };
}

async function readHparams(
  text: (file: string) => Promise<string>,
  path: string,
): Promise<YamlMap> {
  const content = await text(RUN_FILES.hyperparameters);
  const value = rethrowAsDamaged(path, () => parseYaml(content));
  if (isYamlMap(value)) return value;
  throw new DamagedFileError(path, "it must hold a map");
}

/** The files say more than the index, which may be older. */
function typesOf(files: readonly string[]): string[] {
  return files.map((file) => /^metrics\/([^/]+)\.yaml$/.exec(file)?.[1])
    .filter((type) => type !== undefined)
    .filter((type) => foldMetricType(type) !== "")
    .sort();
}

function localFiles(dir: string): RunFiles {
  return {
    path: dir,
    list: () => Promise.resolve(listLocal(dir)),
    async open(file) {
      const path = join(dir, file);
      try {
        return (await Deno.open(path)).readable;
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
        throw new DamagedFileError(path, "this file of the run is missing");
      }
    },
  };
}

function listLocal(dir: string): string[] {
  try {
    return [...Deno.readDirSync(join(dir, METRICS_DIR))]
      .filter(({ isFile }) => isFile)
      .map(({ name }) => `${METRICS_DIR}/${name}`);
  } catch (error) {
    // An empty directory does not travel through a server.
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function remoteFiles(
  reference: string,
  host: string | undefined,
): Promise<RunFiles> {
  const { client, node } = await findNode(reference, { type: "Run", host });
  return {
    path: node.path,
    list: () => withRetry(() => listRemote(client, node.path)),
    open: (file) => withRetry(() => client.getObject(`${node.path}/${file}`)),
  };
}

async function listRemote(
  client: AIStoreClient,
  node: string,
): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of client.listObjects(node)) found.push(path);
  return found;
}
