import { basename, join, resolve } from "@std/path";
import { NotFoundError } from "../errors.ts";
import { rethrowAsDamaged } from "../format/damaged.ts";
import { decodeRunMetadata, type RunMetadata } from "../format/metadata.ts";
import {
  requireBoolean,
  requireKnown,
  requireObject,
} from "../format/option_checks.ts";
import {
  encodeRank,
  RANK_FILE,
  type RankDocument,
} from "../format/rank_document.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import { isYamlMap, parseYaml } from "../format/yaml_reader.ts";
import { AppendLog } from "../local/append_log.ts";
import { Document } from "../local/document.ts";
import {
  METADATA_FILE,
  METRICS_DIR,
  RUN_FILES,
  stateDir,
} from "../local/layout.ts";
import { claim } from "../local/owner.ts";
import { requireAccess } from "../local/permissions.ts";
import { metricFilesIn, rankDir } from "../local/rank_files.ts";
import { shownPath } from "../local/shown_path.ts";
import { stderrReporter } from "../reporter.ts";
import { captureConsole } from "./console_capture.ts";
import { copyHparams } from "./hparam_values.ts";
import type { JoinRunOptions } from "./join_run_options.ts";
import {
  type JoinedParts,
  type JoinedRun,
  newJoinedRun,
} from "./joined_run.ts";
import { MetricsLog } from "./metrics_log.ts";
import { hostname } from "./platform_facts.ts";
import { findRank, findRunDir } from "./rank_environment.ts";
import { findTorn, repairTorn } from "./torn_metrics.ts";

const KNOWN: ReadonlySet<string> = new Set<keyof JoinRunOptions>([
  "rank",
  "captureConsole",
]);

/**
 * Joins a run; see {@linkcode joinRun}.
 *
 * @param given The run directory, if it was named.
 * @param options Which rank this is.
 * @returns What the rank records with.
 */
export function joinDirectory<T extends object>(
  given: string | undefined,
  options: JoinRunOptions,
): JoinedRun<T> {
  requireObject(options, "joinRun");
  requireKnown(options, KNOWN, "join a run");
  const isCaptured = requireBoolean(
    options.captureConsole ?? true,
    "captureConsole",
  );
  const dir = resolve(findRunDir(given));
  const rank = findRank(options.rank);
  const names = ["read", "write"] as const;
  requireAccess(dir, { names, what: "the run directory" });
  requireAccess(stateDir(dir), { names, what: "what is noted of the run in" });
  const metadata = readMetadata(dir);
  const hparams = readHparams(dir);
  Deno.mkdirSync(stateDir(dir), { recursive: true });
  const since = formatTimestamp();
  const document: RankDocument = {
    rank,
    startTimestamp: since,
    endTimestamp: null,
    status: "Running",
    pid: Deno.pid,
    hostname: hostname(),
  };
  const { pid, hostname: host } = document;
  const ownership = claim(dir, { pid: pid ?? 0, hostname: host, since, rank });
  try {
    return begin<T>({
      dir,
      metadata,
      hparams,
      document,
      ownership,
      isCaptured,
    });
  } catch (error) {
    ownership.restore();
    ownership.release();
    throw error;
  }
}

interface Beginning extends
  Pick<
    JoinedParts,
    "dir" | "metadata" | "hparams" | "document" | "ownership"
  > {
  readonly isCaptured: boolean;
}

function begin<T extends object>(
  { isCaptured, ...known }: Beginning,
): JoinedRun<T> {
  const { dir, document, metadata } = known;
  const reporter = stderrReporter;
  const below = rankDir(document.rank);
  const own = join(dir, below);
  const files = metricFilesIn(dir, below);
  const torn = files.map((file) => findTorn(join(dir, file)))
    .filter((one) => one !== undefined);
  Deno.mkdirSync(join(own, METRICS_DIR), { recursive: true });
  repairTorn(torn, reporter);
  const file = new Document(join(own, RANK_FILE), rankState(dir, document));
  file.write(encodeRank(document));
  const log = new AppendLog(join(own, RUN_FILES.log));
  if (isCaptured) log.append("");
  const endCapture = isCaptured ? captureConsole(log) : () => {};
  if (metadata.status !== "Running") {
    reporter.warn(
      `joined late ${dir}`,
      `Run "${metadata.name}" is over: what rank ${document.rank} records is kept in "${
        shownPath(own)
      }", but only a new upload takes it to the server`,
    );
  }
  return newJoinedRun<T>({
    ...known,
    file,
    metricsLog: new MetricsLog({
      dir: own,
      types: files.map((path) => basename(path, ".yaml")),
    }),
    endCapture: () => {
      endCapture();
      log.close();
    },
    reporter,
  });
}

/** Where the rank's document is written before it is renamed: several ranks do so at the same time. */
function rankState(dir: string, { rank }: RankDocument): string {
  const path = join(stateDir(dir), rankDir(rank));
  Deno.mkdirSync(path, { recursive: true });
  return path;
}

function readMetadata(dir: string): RunMetadata {
  const path = join(dir, METADATA_FILE);
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new NotFoundError(dir, "directory of a run", { cause: error });
  }
  return { ...decodeRunMetadata(text, path), alternativeName: basename(dir) };
}

function readHparams(dir: string): object {
  const path = join(dir, RUN_FILES.hyperparameters);
  const value = rethrowAsDamaged(
    path,
    () => parseYaml(Deno.readTextFileSync(path)),
  );
  return deepFreeze(copyHparams(isYamlMap(value) ? value : {}, "hparams"));
}

function deepFreeze<T extends object>(value: T): T {
  for (const item of Object.values(value)) {
    if (typeof item === "object" && item !== null) deepFreeze(item);
  }
  return Object.freeze(value);
}
