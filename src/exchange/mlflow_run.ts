import type { GitFacts } from "../format/environment.ts";
import { readParameter } from "./hparams_import.ts";
import type {
  ImportedEnd,
  ImportedRecord,
  ImportTaker,
} from "./imported_run.ts";
import { placeOfMetric } from "./metric_place.ts";

/** One value of a metric, as MLflow keeps it. */
export interface MlflowValue {
  /** The metric. */
  readonly key: string;
  /** The value. */
  readonly value: number;
  /** The step. */
  readonly step: number;
  /** When it was logged, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly timeMs: number;
}

/** What MLflow knows of a run besides its metrics. */
export interface MlflowFacts {
  /** How it ended: `FINISHED`, `FAILED`, `KILLED`, `RUNNING` or `SCHEDULED`. */
  readonly status: string;
  /** When it ended, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly endMs: number | undefined;
  /** The parameters, all texts. */
  readonly params: readonly (readonly [string, string])[];
  /** The tags. */
  readonly tags: ReadonlyMap<string, string>;
}

/** Tags that say what other documents of a run say, or nothing about it. */
const KNOWN_TAGS: ReadonlySet<string> = new Set([
  "mlflow.runName",
  "mlflow.user",
  "mlflow.note.content",
  "mlflow.source.name",
  "mlflow.source.type",
  "mlflow.source.git.commit",
  "mlflow.source.git.branch",
  "mlflow.source.git.repoURL",
]);

/**
 * Makes of MLflow's facts what a run's documents say.
 *
 * @param facts The facts.
 * @param note Is told what has no place.
 * @returns What the documents say.
 */
export function mlflowEnd(
  { status, endMs, params, tags }: MlflowFacts,
  note: ImportTaker["note"],
): ImportedEnd {
  const labels: string[] = [];
  for (const [key, value] of tags) {
    if (!key.startsWith("mlflow.")) labels.push(`${key}: ${value}`);
    else if (!KNOWN_TAGS.has(key)) note(`left out the tag "${key}"`);
  }
  if (status !== "FINISHED" && status !== "FAILED" && status !== "KILLED") {
    note(`the run has no end: MLflow says ${status}`);
  }
  const description = tags.get("mlflow.note.content");
  return {
    status: status === "FINISHED" ? "Complete" : "Error",
    endMs,
    hparams: Object.fromEntries(
      params.map(([key, text]) => [key, readParameter(text)]),
    ),
    labels,
    description,
    git: gitOf(tags),
  };
}

function gitOf(tags: ReadonlyMap<string, string>): Partial<GitFacts> {
  return {
    commit: tags.get("mlflow.source.git.commit") ?? null,
    branch: tags.get("mlflow.source.git.branch") ?? null,
    remote_url: tags.get("mlflow.source.git.repoURL") ?? null,
    entrypoint: tags.get("mlflow.source.name") ?? null,
  };
}

/** The values of one time and step, by metric type. */
type Group = Map<string, Record<string, number>>;

/**
 * Puts values that were logged at the same time and step together into records.
 *
 * @param values The values, ordered by time and step.
 * @returns The records.
 */
export function* mlflowRecords(
  values: Iterable<MlflowValue>,
): Generator<ImportedRecord> {
  let group: Group = new Map();
  let at: MlflowValue | undefined;
  function* close(): Generator<ImportedRecord> {
    if (at === undefined) return;
    const { step, timeMs } = at;
    for (const [type, values] of group) yield { type, values, step, timeMs };
    group = new Map();
  }
  for (const value of values) {
    const { type, name } = placeOfMetric(value.key);
    const isOther = value.step !== at?.step || value.timeMs !== at.timeMs;
    // A metric that was logged twice within a millisecond needs two records.
    if (isOther || Object.hasOwn(group.get(type) ?? {}, name)) yield* close();
    at = value;
    const record = group.get(type) ?? {};
    Object.defineProperty(record, name, {
      value: value.value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    group.set(type, record);
  }
  yield* close();
}
