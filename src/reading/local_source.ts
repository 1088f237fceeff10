import { basename, join, resolve } from "@std/path";
import {
  compareShown,
  readMetricKey,
  shownType,
} from "../format/metric_key.ts";
import { METADATA_FILE, RUN_FILES } from "../local/layout.ts";
import { isNoSuchFile, isOsError } from "../local/os_error.ts";
import {
  metricFilesIn,
  rankMetricFiles,
  ranksIn,
} from "../local/rank_files.ts";
import { scanDirectory } from "../local/scan_directory.ts";
import { hostname } from "../run/platform_facts.ts";
import { ownerOf, stateOfRunning } from "../viewer/run_state.ts";
import { localDataflow } from "./local_dataflow.ts";
import type {
  FilePart,
  MetricFile,
  NodeContents,
  NodeDataflow,
  NodeSource,
  RunningState,
  SourceRank,
} from "./node_source.ts";

/** The directory of a run or an artifact. */
export class LocalSource implements NodeSource {
  readonly place = "local";
  readonly host = null;
  readonly path: string;
  readonly alternativeName: string;

  /** @param dir The directory. */
  constructor(dir: string) {
    this.path = resolve(dir);
    this.alternativeName = basename(this.path);
  }

  // Of small files by the thousand, what waits for each takes several times as long.
  read(key: string): Promise<string | undefined> {
    return Promise.resolve(
      ifThere(() => Deno.readTextFileSync(join(this.path, key))),
    );
  }

  refresh(): void {}

  metricFiles(): Promise<MetricFile[]> {
    const files = metricKeys(this.path).flatMap((key) => {
      const name = readMetricKey(key);
      if (name === undefined) return [];
      const type = shownType(name);
      const info = ifThere(() => Deno.statSync(join(this.path, key)));
      return info === undefined ? [] : [{ type, key, sizeBytes: info.size }];
    });
    files.sort((a, b) => compareShown(a.type, b.type));
    return Promise.resolve(files);
  }

  size(key: string): Promise<number | undefined> {
    const info = ifThere(() => Deno.statSync(join(this.path, key)));
    return Promise.resolve(info?.size);
  }

  readPart(
    key: string,
    { start, end }: FilePart,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const part = new Uint8Array(end - start);
    let length = 0;
    using file = ifThere(() => Deno.openSync(join(this.path, key)));
    if (file !== undefined && start > 0) {
      file.seekSync(start, Deno.SeekMode.Start);
    }
    while (file !== undefined && length < part.length) {
      const count = file.readSync(part.subarray(length));
      if (count === null) break;
      length += count;
    }
    return Promise.resolve(part.subarray(0, length));
  }

  async open(
    key: string,
    start: number,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    try {
      const file = await Deno.open(join(this.path, key));
      if (start > 0) await file.seek(start, Deno.SeekMode.Start);
      return file.readable;
    } catch (error) {
      if (isNoSuchFile(error)) return new Blob().stream();
      throw error;
    }
  }

  stateOfRunning(): Promise<RunningState> {
    return Promise.resolve(runningState(this.path));
  }

  ranks(): Promise<SourceRank[]> {
    const here = hostname();
    return Promise.resolve(
      ranksIn(this.path).map((rank) => {
        const owner = ownerOf(this.path, rank);
        const isCertain = owner === undefined || owner.hostname === here;
        const isAlive = owner?.alive === true ||
          (isCertain ? false : undefined);
        return { rank, isAlive };
      }),
    );
  }

  knownSeries(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  dataflow(): Promise<NodeDataflow> {
    return Promise.resolve(localDataflow(this.path));
  }

  async contents(): Promise<NodeContents> {
    const files = await scanDirectory(this.path, () => {});
    let sizeBytes = 0;
    for (const stamp of files.values()) sizeBytes += stamp.sizeBytes;
    return { files: files.size, sizeBytes };
  }
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isNoSuchFile(error)) return undefined;
    throw error;
  }
}

/**
 * Finds out whether a local run that says `Running` goes on, at little cost.
 *
 * @param dir The run directory.
 * @returns How it is.
 */
export function runningState(dir: string): RunningState {
  const owner = ownerOf(dir);
  let lastMs = mtimeOf(join(dir, RUN_FILES.log));
  for (const key of metricKeys(dir)) {
    lastMs = Math.max(lastMs, mtimeOf(join(dir, key)));
  }
  if (lastMs === 0) lastMs = mtimeOf(join(dir, METADATA_FILE));
  const nowMs = Date.now();
  const state = stateOfRunning({ owner, lastMs, nowMs, hostname: hostname() });
  return { state, lastMs };
}

/** The metrics files of the main process and of the ranks. */
function metricKeys(dir: string): string[] {
  return [...metricFilesIn(dir), ...rankMetricFiles(dir)];
}

function mtimeOf(path: string): number {
  try {
    return Deno.statSync(path).mtime?.getTime() ?? 0;
  } catch (error) {
    if (isOsError(error)) return 0;
    throw error;
  }
}
