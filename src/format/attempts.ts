import { rethrowAsDamaged } from "./damaged.ts";
import { MapReader } from "./map_reader.ts";
import { readMetricKey } from "./metric_key.ts";
import { SYSTEM_TYPE } from "./system_type.ts";
import { parseYaml } from "./yaml_reader.ts";
import type { YamlValue } from "./yaml_value.ts";
import { stringifyYaml } from "./yaml_writer.ts";

/** The document of a run that lists its attempts; missing while there is only one. */
export const ATTEMPTS_FILE = "attempts.yaml";

/** How an attempt ended: `Killed` if its process ended without a word. */
export type AttemptStatus = "Running" | "Complete" | "Error" | "Killed";

/** One process's part of a run that several processes recorded one after the other. */
export interface Attempt {
  /** Which one it is, from 1 on. */
  readonly attempt: number;
  /** When it began: local time with offset, ISO 8601. */
  readonly startTimestamp: string;
  /** When it ended, of a killed one when it wrote last; null while it goes on. */
  readonly endTimestamp: string | null;
  /** How it ended. */
  readonly status: AttemptStatus;
  /** The process id; null where it is not known. */
  readonly pid: number | null;
  /** The host's name; null where it is not known. */
  readonly hostname: string | null;
  /**
   * Whether it goes on from a checkpoint (`createRun({ resume })`): what earlier attempts had recorded from its first step
   * on is of a training that was given up. An attempt that `loadRun` began only adds.
   */
  readonly resumes: boolean;
  /**
   * How long the metrics files and the log were when it began, in bytes, by their paths in the run directory: what stands
   * behind is this attempt's. A file that is missing here did not exist.
   */
  readonly files: Readonly<Record<string, number>>;
}

const STATUSES = ["Running", "Complete", "Error", "Killed"] as const;

/**
 * Writes a run's `attempts.yaml`.
 *
 * @param attempts The attempts, from the first on.
 * @returns The document.
 */
export function encodeAttempts(attempts: readonly Attempt[]): string {
  return stringifyYaml(attempts.map((attempt) => ({ ...attempt })));
}

/**
 * Reads a run's `attempts.yaml`.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns The attempts, from the first on.
 * @throws {DamagedFileError} If it is no list of attempts; the message names the key.
 */
export function decodeAttempts(
  text: string,
  path = ATTEMPTS_FILE,
): readonly Attempt[] {
  const value = rethrowAsDamaged(path, () => parseYaml(text));
  const list = new MapReader(path, "the document", { attempts: value });
  return list.maps("attempts").map((item, index) => ({
    attempt: index + 1,
    startTimestamp: item.string("startTimestamp"),
    endTimestamp: item.get("endTimestamp") === null
      ? null
      : item.string("endTimestamp"),
    status: item.oneOf("status", STATUSES) as AttemptStatus,
    pid: typeof item.rest.pid === "number" ? item.rest.pid : null,
    hostname: typeof item.rest.hostname === "string"
      ? item.rest.hostname
      : null,
    resumes: item.rest.resumes === true,
    files: lengthsIn(item.map("files").rest),
  }));
}

function lengthsIn(
  files: Readonly<Record<string, YamlValue>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(files).filter((file): file is [string, number] =>
      Number.isSafeInteger(file[1]) && Number(file[1]) >= 0
    ),
  );
}

/**
 * Where in a file the attempts begin that go on from a checkpoint. Of the load of the machine nothing is ever replaced: its
 * steps are seconds, and those of a host whose clock is behind would hide what was measured before.
 *
 * @param attempts The attempts.
 * @param file The file's path in the run directory.
 * @returns A byte position for each, never falling.
 */
export function startsIn(
  attempts: readonly Attempt[],
  file: string,
): readonly number[] {
  if (readMetricKey(file)?.type === SYSTEM_TYPE) return [];
  let before = 0;
  return attempts.filter(({ resumes }) => resumes).map(({ files }) =>
    before = Math.max(before, Object.hasOwn(files, file) ? files[file] ?? 0 : 0)
  );
}
