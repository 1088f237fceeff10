import { basename, join } from "@std/path";
import type { AIStoreClient } from "../aistore/client.ts";
import { findNode } from "../download/find_node.ts";
import { withRetry } from "../download/retry.ts";
import { DamagedFileError } from "../errors.ts";
import { rethrowAsDamaged } from "../format/damaged.ts";
import { ATTEMPTS_FILE, decodeAttempts, startsIn } from "../format/attempts.ts";
import { decodeRunMetadata, type RunMetadata } from "../format/metadata.ts";
import {
  compareShown,
  metricKeyOf,
  readMetricKey,
  shownType,
} from "../format/metric_key.ts";
import { foldMetricType } from "../format/names.ts";
import { awaitRewind, type Rewind } from "../format/rewind.ts";
import { isYamlMap, parseYaml } from "../format/yaml_reader.ts";
import type { YamlMap } from "../format/yaml_value.ts";
import { isDirectory } from "../local/is_directory.ts";
import { RUN_FILES } from "../local/layout.ts";
import { scanDirectory } from "../local/scan_directory.ts";
import { concat } from "./bytes.ts";

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
  /** How long the metrics files are together, in bytes; a run that goes on makes them longer. */
  readonly metricsBytes: number;
  /**
   * Opens a metrics file.
   *
   * @param type One of the types.
   * @returns The file's bytes.
   */
  readonly metrics: (type: string) => Promise<AsyncIterable<Uint8Array>>;
  /**
   * Finds out which records of a metrics file are replaced by later attempts at the run.
   *
   * @param type One of the types.
   * @returns Which are.
   */
  readonly rewind: (type: string) => Promise<Rewind>;
}

/** Where {@linkcode openRun} looks. */
export interface OpenRunOptions {
  /** The server's address. Default: that of the current login. */
  readonly host?: string | undefined;
}

const PIECE_BYTES = 64 * 1024;

/** A file of a run. */
interface RunFile {
  readonly path: string;
  readonly bytes: number;
}

/** The files of a run, by their paths below it. */
interface RunFiles {
  readonly path: string;
  readonly list: () => Promise<readonly RunFile[]>;
  readonly open: (file: string) => Promise<ReadableStream<Uint8Array>>;
  /** Opens a file at a place, or, where that cannot be done, at its beginning. */
  readonly openFrom: (file: string, start: number) => Promise<OpenedFrom>;
}

interface OpenedFrom {
  readonly pieces: ReadableStream<Uint8Array>;
  /** The place of the first byte. */
  readonly first: number;
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
  const list = await files.list();
  const attempts = list.some(({ path }) => path === ATTEMPTS_FILE)
    ? decodeAttempts(
      await text(ATTEMPTS_FILE),
      join(files.path, ATTEMPTS_FILE),
    )
    : [];
  const metrics = metricsFiles(list);
  return {
    path: files.path,
    metadata: { ...metadata, alternativeName: basename(files.path) },
    hparams,
    types: metrics.map(({ type }) => type),
    metricsBytes: metrics.reduce((sum, { bytes }) => sum + bytes, 0),
    metrics: (type) => files.open(metricKeyOf(type)),
    rewind(type) {
      const file = metricKeyOf(type);
      return awaitRewind(startsIn(attempts, file), async (start, length) => {
        const { pieces, first } = await files.openFrom(file, start);
        return await readSome(pieces, { skip: start - first, length });
      });
    },
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

/** Reads so many bytes, less where there are not as many. */
async function readSome(
  pieces: ReadableStream<Uint8Array>,
  { skip, length }: { readonly skip: number; readonly length: number },
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let at = 0;
  for await (const piece of pieces) {
    const part = piece.subarray(
      Math.max(0, skip - at),
      Math.max(0, skip + length - at),
    );
    parts.push(part);
    at += piece.length;
    if (at >= skip + length) break;
  }
  return concat(parts);
}

/** The files say more than the index, which may be older. */
function metricsFiles(
  files: readonly RunFile[],
): { readonly type: string; readonly bytes: number }[] {
  return files.flatMap(({ path, bytes }) => {
    const key = readMetricKey(path);
    return key === undefined || foldMetricType(key.type) === ""
      ? []
      : [{ type: shownType(key), bytes }];
  }).sort((a, b) => compareShown(a.type, b.type));
}

function localFiles(dir: string): RunFiles {
  return {
    path: dir,
    list: async () =>
      [...await scanDirectory(dir, () => {})].map(([path, { sizeBytes }]) => ({
        path,
        bytes: sizeBytes,
      })),
    open: async (file) => (await openLocal(join(dir, file))).readable,
    async openFrom(file, start) {
      const opened = await openLocal(join(dir, file));
      await opened.seek(start, Deno.SeekMode.Start);
      return { pieces: opened.readable, first: start };
    },
  };
}

async function openLocal(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new DamagedFileError(path, "this file of the run is missing");
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
    openFrom: (file, start) =>
      withRetry(async () => {
        const path = `${node.path}/${file}`;
        const answer = await client.openObject(path, { start });
        const first = answer.status === 206 ? start : 0;
        return { pieces: answer.stream(PIECE_BYTES), first };
      }),
  };
}

async function listRemote(
  client: AIStoreClient,
  node: string,
): Promise<RunFile[]> {
  const found: RunFile[] = [];
  for await (const { path, size_bytes } of client.listObjects(node)) {
    found.push({ path, bytes: Number(size_bytes) || 0 });
  }
  return found;
}
