/**
 * Brings the index up to date with single objects.
 *
 * @module
 */

import { EmError } from "../../errors.ts";
import { decodeAttempts } from "../../format/attempts.ts";
import type { Rewind } from "../../format/rewind.ts";
import { decodeIndex } from "../../format/run_index.ts";
import { YamlError } from "../../format/yaml_reader.ts";
import { BlockWriter } from "./blocks.ts";
import { flatten } from "./facts.ts";
import type { IndexDatabase } from "./index_database.ts";
import { readMetrics } from "./metrics_job.ts";
import { ObjectBytes } from "./object_bytes.ts";
import { readDocument } from "./read_document.ts";
import { readRewind } from "./read_rewind.ts";
import { readRunFacts } from "./run_facts.ts";
import { type KnownSource, RunRecords } from "./run_records.ts";
import { SeriesSet, SeriesStatements } from "./series_set.ts";
import {
  metricType,
  type SourceKind,
  sourceKind,
  type SourceProblem,
} from "./sources.ts";
import type { IndexChange, ObjectTask, ReadableObject, Task } from "./tasks.ts";

/** How to make an {@linkcode Indexer}. */
export interface IndexerOptions {
  /** The index; nobody else writes it. */
  readonly database: IndexDatabase;
  /** How many bytes are read at once. */
  readonly pieceBytes: number;
}

/** The longest document that is read. */
export const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

/** How many series are kept ready to grow. */
const KEPT_SERIES = 4096;

/** What is done with an object. */
interface Job {
  readonly task: ObjectTask;
  readonly object: ReadableObject;
  readonly kind: SourceKind;
  readonly run: number;
  readonly known: KnownSource | undefined;
}

/** What is done with a metrics file. */
interface MetricsJob extends Job {
  /** Which of its records are left out. */
  readonly rewind: Rewind;
}

/** Writes the index. What it does comes in pieces, between which others may have their turn. */
export class Indexer {
  readonly #database: IndexDatabase;
  readonly #blocks: BlockWriter;
  readonly #records: RunRecords;
  readonly #statements: SeriesStatements;
  readonly #buffer: Uint8Array;
  readonly #series = new Map<string, SeriesSet>();

  /** @param options What to work on. */
  constructor({ database, pieceBytes }: IndexerOptions) {
    this.#database = database;
    this.#blocks = new BlockWriter(database);
    this.#records = new RunRecords(database);
    this.#statements = new SeriesStatements(database);
    this.#buffer = new Uint8Array(pieceBytes);
  }

  /**
   * Does a task.
   *
   * @param task What to do.
   * @yields After each piece.
   * @returns What changed; undefined if nothing did.
   */
  *run(task: Task): Generator<void, IndexChange | undefined> {
    if (task.kind === "remove") {
      for (const node of task.nodes) {
        this.#removeRun(node);
        yield;
      }
      return undefined;
    }
    const kind = sourceKind(task.key);
    if (kind === undefined) return undefined;
    const { object } = task;
    if (object === undefined) return this.#remove(task, kind);
    const run = this.#records.find(task.node) ??
      this.#database.transaction(() => this.#records.findOrInsert(task.node));
    const known = this.#records.source(run, task.key);
    const isKnown = known?.md5 === object.md5 && known.size === object.size;
    if (isKnown && task.attempts === undefined && known.rewind === "") {
      return undefined;
    }
    const job: Job = { task, object, kind, run, known };
    using bytes = new ObjectBytes(object.segments);
    if (kind !== "metrics") {
      return isKnown ? undefined : this.#readDocument(job, bytes);
    }
    const rewind = readRewind(task, bytes);
    if (isKnown && known.rewind === rewind.signature) return undefined;
    return yield* this.#readMetrics({ ...job, rewind }, bytes);
  }

  *#readMetrics(
    job: MetricsJob,
    bytes: ObjectBytes,
  ): Generator<void, IndexChange> {
    const { known, rewind } = job;
    const change = known !== undefined &&
        known.rewind === rewind.signature &&
        (yield* this.#goesOn(known, job, bytes))
      ? yield* this.#readOn(job, bytes, known)
      : undefined;
    if (change !== undefined) return change;
    const read = yield* this.#readOn(job, bytes, this.#restart(job));
    if (read !== undefined) return read;
    throw new Error("A file does not begin where it begins");
  }

  /** Whether an object begins with all that was read. */
  *#goesOn(
    known: KnownSource,
    { object }: Job,
    bytes: ObjectBytes,
  ): Generator<void, boolean> {
    if (known.size > object.size) return false;
    if (known.file === object.file) return true;
    // Where the reading was broken off, more was read than the checksum is of.
    if (known.parsed > known.size) return false;
    return (yield* bytes.md5(known.size, this.#buffer)) === known.md5;
  }

  /** Forgets the points; what is read then has another generation. */
  #restart({ run, task, known, object, rewind }: MetricsJob): KnownSource {
    const type = metricType(task.key);
    return this.#atomically(run, () => {
      if (known !== undefined) this.#seriesOf(run, type).clear();
      const source: KnownSource = {
        file: object.file,
        size: 0,
        md5: "",
        generation: this.#records.next(),
        parsed: 0,
        rewind: rewind.signature,
        records: 0,
        torn: false,
        problem: undefined,
      };
      this.#records.putSource(run, { key: task.key, type }, source);
      return source;
    });
  }

  /** Reads what follows; undefined if it does not follow. */
  *#readOn(
    { run, task, object, rewind }: MetricsJob,
    bytes: ObjectBytes,
    from: KnownSource,
  ): Generator<void, IndexChange | undefined> {
    const type = metricType(task.key);
    const series = this.#seriesOf(run, type);
    const { file, size, md5 } = object;
    let source = from;
    let change: IndexChange | undefined;
    const isWhole = yield* readMetrics({
      bytes,
      size,
      from,
      rewind,
      series,
      buffer: this.#buffer,
      commit: (read) =>
        this.#atomically(run, () => {
          const { isEnd, ...progress } = read();
          source = {
            ...source,
            ...progress,
            ...(isEnd && { file, size, md5 }),
          };
          series.flush();
          this.#records.putSource(run, { key: task.key, type }, source);
          change = this.#changed(task, "metrics", run);
          return progress;
        }),
    });
    return isWhole ? change : undefined;
  }

  #readDocument(
    { task, object, kind, run }: Job,
    bytes: ObjectBytes,
  ): IndexChange {
    const { text, problem: unread } = readText(bytes, object.size);
    const { file, size, md5 } = object;
    return this.#atomically(run, () => {
      const problem = unread ?? this.#takeDocument(run, kind, text);
      this.#records.putSource(run, { key: task.key, type: null }, {
        file,
        size,
        md5,
        generation: 0,
        parsed: size,
        rewind: "",
        records: 0,
        torn: false,
        problem,
      });
      return this.#changed(task, kind, run);
    });
  }

  #takeDocument(
    run: number,
    kind: SourceKind,
    text: string,
  ): SourceProblem | undefined {
    try {
      if (kind === "index") {
        this.#records.setTypes(run, decodeIndex(text));
      } else if (kind === "attempts") {
        // The files that they are told apart in are read with it; here it is only said if it is damaged.
        decodeAttempts(text);
      } else {
        const document = readDocument(text);
        if (kind === "metadata") {
          this.#records.setFacts(run, readRunFacts(document));
        } else {
          this.#records.putFacts(run, factKind(kind), flatten(document));
        }
      }
      return undefined;
    } catch (error) {
      if (error instanceof YamlError) {
        const { line, problem: message } = error;
        return line === undefined ? { message } : { line, message };
      }
      if (error instanceof EmError) return { message: error.message };
      throw error;
    }
  }

  #remove(task: ObjectTask, kind: SourceKind): IndexChange | undefined {
    const run = this.#records.find(task.node);
    if (run === undefined) return undefined;
    return this.#atomically(run, () => {
      if (!this.#records.deleteSource(run, task.key)) return undefined;
      if (kind === "metrics") {
        this.#seriesOf(run, metricType(task.key)).clear();
      } else if (kind === "index") {
        this.#records.setTypes(run, []);
      } else if (kind === "metadata") {
        this.#records.setFacts(run, readRunFacts(null));
      } else if (kind !== "attempts") {
        this.#records.putFacts(run, factKind(kind), []);
      }
      return this.#changed(task, kind, run);
    });
  }

  #removeRun(node: string): void {
    const run = this.#records.find(node);
    if (run === undefined) return;
    this.#atomically(run, () => {
      for (const type of this.#records.types(run)) {
        this.#seriesOf(run, type).clear();
        this.#series.delete(`${run}/${type}`);
      }
      for (const kind of FACT_KINDS) this.#records.putFacts(run, kind, []);
      this.#records.deleteRun(run);
    });
  }

  #changed(task: ObjectTask, source: SourceKind, run: number): IndexChange {
    const type = source === "metrics" ? metricType(task.key) : undefined;
    const version = this.#records.touch(run);
    return { node: task.node, source, type, version };
  }

  /** A transaction; if it fails, nothing that it may have changed in memory is kept. */
  #atomically<T>(run: number, body: () => T): T {
    try {
      return this.#database.transaction(body);
    } catch (error) {
      for (const key of [...this.#series.keys()]) {
        if (key.startsWith(`${run}/`)) this.#series.delete(key);
      }
      this.#records.forgetColumns();
      throw error;
    }
  }

  #seriesOf(run: number, type: string): SeriesSet {
    const key = `${run}/${type}`;
    const series = this.#series.get(key) ?? new SeriesSet({
      database: this.#database,
      blocks: this.#blocks,
      statements: this.#statements,
      run,
      type,
      columnOf: (path) => this.#records.column("metrics", path),
    });
    this.#series.delete(key);
    this.#series.set(key, series);
    this.#forgetSome();
    return series;
  }

  #forgetSome(): void {
    let kept = 0;
    for (const { size } of this.#series.values()) kept += 1 + size;
    for (const [key, { size }] of this.#series) {
      if (kept <= KEPT_SERIES || this.#series.size === 1) return;
      this.#series.delete(key);
      kept -= 1 + size;
    }
  }
}

/** The kinds of columns, by the documents that they come from. */
const FACT_KINDS = ["hparams", "platform", "git"];

function factKind(kind: SourceKind): string {
  return kind === "hyperparameters" ? "hparams" : kind;
}

function readText(
  bytes: ObjectBytes,
  size: number,
): { readonly text: string; readonly problem?: SourceProblem } {
  if (size > MAX_DOCUMENT_BYTES) {
    return {
      text: "",
      problem: {
        message: `it is longer than ${MAX_DOCUMENT_BYTES} bytes`,
      },
    };
  }
  const content = new Uint8Array(size);
  const count = bytes.read(0, content);
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    return { text: decoder.decode(content.subarray(0, count)) };
  } catch {
    return { text: "", problem: { message: "it is not UTF-8" } };
  }
}
