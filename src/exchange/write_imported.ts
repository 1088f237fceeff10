import { join } from "@std/path";
import {
  encodeGit,
  encodePlatform,
  type GitFacts,
  type PlatformFacts,
} from "../format/environment.ts";
import { encodeRunMetadata, type RunMetadata } from "../format/metadata.ts";
import { encodeIndex } from "../format/run_index.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import { stringifyYaml } from "../format/yaml_writer.ts";
import { Document } from "../local/document.ts";
import { METRICS_DIR, RUN_FILES } from "../local/layout.ts";
import { MetricsLog } from "../run/metrics_log.ts";
import {
  IMPORTED_LABEL,
  type ImportedEnd,
  type ImportedRun,
} from "./imported_run.ts";

/** What a run is called here, and what belongs to it that its source knows nothing of. */
export type OwnFacts = Pick<
  RunMetadata,
  "name" | "alternativeName" | "associations" | "remote"
>;

/** What was written of a run. */
export interface Written {
  /** Its status. */
  readonly status: "Complete" | "Error";
  /** When it ended. */
  readonly ended: string;
  /** How many records it has. */
  readonly records: number;
  /** What could not be taken over, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Writes the files of a run that comes from elsewhere.
 *
 * @param dir An empty directory.
 * @param run The run.
 * @param own What it is called here.
 * @returns What was written.
 */
export async function writeImportedFiles(
  dir: string,
  run: ImportedRun,
  own: OwnFacts,
): Promise<Written> {
  const startMs = startOf(run);
  const { end, records, firstMs, lastMs, notes } = await fill(dir, {
    ...run,
    startMs,
  });
  const write = (file: string, text: string) =>
    new Document(join(dir, file), dir).write(text);
  write(RUN_FILES.hyperparameters, stringifyYaml(end.hparams));
  write(
    RUN_FILES.platform,
    encodePlatform({ ...NO_PLATFORM, ...end.platform }),
  );
  write(RUN_FILES.git, encodeGit({ ...NO_GIT, ...end.git }));
  const isKnown = end.endMs !== undefined && isTime(end.endMs);
  const ended = timestamp(isKnown ? end.endMs : lastMs);
  const { name, alternativeName, associations, remote } = own;
  write(
    RUN_FILES.metadata,
    encodeRunMetadata({
      kind: "Run",
      name,
      labels: [...new Set([IMPORTED_LABEL, ...end.labels ?? []])],
      description: end.description ?? `Imported from ${run.source}`,
      startTimestamp: timestamp(firstMs),
      endTimestamp: ended,
      status: end.status,
      alternativeName,
      associations,
      remote,
    }),
  );
  return { status: end.status, ended, records, notes };
}

/**
 * When a run began.
 *
 * @param run The run.
 * @returns The time, in milliseconds since 1970; 0 where it is not known.
 */
export function startOf({ startMs }: ImportedRun): number {
  return isTime(startMs) ? startMs : 0;
}

interface Filled {
  readonly end: ImportedEnd;
  readonly records: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly notes: readonly string[];
}

async function fill(dir: string, run: ImportedRun): Promise<Filled> {
  Deno.mkdirSync(join(dir, METRICS_DIR));
  const index = new Document(join(dir, RUN_FILES.index), dir);
  index.write(encodeIndex([]));
  let nowMs = run.startMs;
  let firstMs = run.startMs;
  let lastMs = -Infinity;
  let records = 0;
  let timeless = 0;
  const notes: string[] = [];
  const metrics = new MetricsLog({ dir, index, clock: () => nowMs });
  using log = Deno.openSync(join(dir, RUN_FILES.log), {
    write: true,
    createNew: true,
  });
  const encoder = new TextEncoder();
  try {
    const end = await run.read({
      record({ type, values, step, epoch = null, timeMs }) {
        if (isTime(timeMs)) nowMs = timeMs;
        else timeless++;
        firstMs = Math.min(firstMs, nowMs);
        lastMs = Math.max(lastMs, nowMs);
        metrics.append(type, values, { step, epoch });
        records++;
      },
      output(text) {
        let rest = encoder.encode(text);
        while (rest.length > 0) rest = rest.subarray(log.writeSync(rest));
      },
      note: (message) => notes.push(message),
    });
    lastMs = Math.max(firstMs, lastMs);
    if (timeless > 0) {
      notes.push(
        `gave ${timeless} records without a time that of the one before`,
      );
    }
    return { end, records, firstMs, lastMs, notes };
  } finally {
    metrics.close();
  }
}

/** The last millisecond that a timestamp has room for. */
const LAST_MS = Date.UTC(9999, 11, 31);

/** Whether a number can be a time; whatever is before 1970 is none. */
function isTime(ms: number): boolean {
  return ms >= 0 && ms < LAST_MS;
}

function timestamp(ms: number): string {
  return formatTimestamp(Math.round(ms * 1000));
}

const NO_PLATFORM: PlatformFacts = {
  hostname: null,
  os: null,
  python: null,
  pypkgs: {},
  framework: "",
  deno: null,
  v8: null,
  typescript: null,
};

const NO_GIT: GitFacts = {
  repo_path: null,
  remote_url: null,
  branch: null,
  commit: null,
  is_dirty: null,
  entrypoint: null,
};
