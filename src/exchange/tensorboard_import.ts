import { basename, dirname, join, resolve } from "@std/path";
import { NotFoundError } from "../errors.ts";
import type { OwnMap } from "../run/hparam_values.ts";
import { sessionHparams, textToHparams } from "./hparams_import.ts";
import type { ImportedRun, ImportTaker } from "./imported_run.ts";
import { knownType, placeOfMetric } from "./metric_place.ts";
import { ProtoError } from "./protobuf.ts";
import { identityOfFiles } from "./source_identity.ts";
import { HPARAMS_TAG, WRITER } from "./tensorboard_export.ts";
import { readEvent, type TensorboardEvent } from "./tensorboard_event.ts";
import { readTfRecords } from "./tf_records.ts";

/** A directory that holds event files itself. */
interface EventDir {
  readonly path: string;
  readonly files: readonly string[];
  /** When its first event was written, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly startMs: number;
  /** Whether an export of this package wrote it. */
  readonly isOurs: boolean;
}

/** A directory that becomes a run, and those below it that hold its metric types. */
interface EventRun {
  readonly path: string;
  readonly parts: {
    readonly type: string | undefined;
    readonly dir: EventDir;
  }[];
}

/**
 * Finds the runs in TensorBoard's log directories: each directory with event files is one, but `train`, `validation` and
 * the like belong to the directory above them, as metric types.
 *
 * @param path A log directory, or an event file.
 * @returns The runs, which are read when they are written.
 * @throws {NotFoundError} If there is no event file.
 */
export async function findTensorboardRuns(
  path: string,
): Promise<ImportedRun[]> {
  const dirs: EventDir[] = [];
  for (const [dir, files] of eventFiles(path)) {
    dirs.push(await inspect(dir, files));
  }
  if (dirs.length === 0) {
    throw new NotFoundError(path, "event file of TensorBoard");
  }
  const ours = new Set(
    dirs.filter(({ isOurs }) => isOurs).map(({ path }) => path),
  );
  const runs = new Map<string, EventRun>();
  for (const dir of dirs) {
    const parent = dirname(dir.path);
    const word = basename(dir.path);
    const isPart = dir.isOurs && ours.has(parent);
    const type = isPart ? word : knownType(word);
    // The directory that was asked for is a run, whatever it is called.
    const isRun = type === undefined || (dir.path === resolve(path) && !isPart);
    const key = isRun ? dir.path : parent;
    const run = runs.get(key) ?? { path: key, parts: [] };
    run.parts.push({ type: isRun ? undefined : type, dir });
    runs.set(key, run);
  }
  return [...runs.values()].map(toImported);
}

function toImported({ path, parts }: EventRun): ImportedRun {
  return {
    source: `TensorBoard: ${path}`,
    name: basename(path),
    startMs: Math.min(...parts.map(({ dir }) => dir.startMs)),
    identity: identityOfFiles(
      "TensorBoard",
      path,
      parts.flatMap(({ dir }) => dir.files.map((file) => join(dir.path, file))),
    ),
    async read(taker) {
      let hparams: OwnMap = {};
      const left = new Map<string, number>();
      for (const { type, dir } of parts) {
        for (const file of dir.files) {
          for await (const event of events(join(dir.path, file), taker)) {
            takeScalars(event, { type, taker });
            hparams = { ...hparams, ...hparamsOf(event, left) };
          }
        }
      }
      for (const [tag, count] of left) {
        taker.note(`left out ${count} of "${tag}": no scalars`);
      }
      return { status: "Complete", hparams };
    },
  };
}

function takeScalars(
  event: TensorboardEvent,
  { type, taker }: {
    readonly type: string | undefined;
    readonly taker: ImportTaker;
  },
): void {
  const byType = new Map<string, [string, number][]>();
  for (const [tag, value] of event.scalars) {
    const place = type === undefined ? placeOfMetric(tag) : { type, name: tag };
    const values = byType.get(place.type) ?? [];
    values.push([place.name, value]);
    byType.set(place.type, values);
  }
  const { step, wallTime } = event;
  for (const [type, values] of byType) {
    taker.record({
      type,
      values: Object.fromEntries(values),
      step,
      timeMs: wallTime * 1000,
    });
  }
}

/** The hyperparameters in an event; counts what is neither a scalar nor they. */
function hparamsOf(
  { texts, session, others }: TensorboardEvent,
  left: Map<string, number>,
): OwnMap {
  let hparams: OwnMap = session === undefined ? {} : sessionHparams(session);
  const leave = (tag: string) => left.set(tag, (left.get(tag) ?? 0) + 1);
  for (const [tag, text] of texts) {
    const found = tag === HPARAMS_TAG ? textToHparams(text) : undefined;
    if (found === undefined) leave(tag);
    else hparams = { ...hparams, ...found };
  }
  others.forEach(leave);
  return hparams;
}

async function* events(
  path: string,
  { note }: Pick<ImportTaker, "note">,
): AsyncGenerator<TensorboardEvent> {
  const file = await Deno.open(path);
  const name = basename(path);
  const onProblem = (problem: string) => note(`${name}: ${problem}`);
  for await (const record of readTfRecords(file.readable, onProblem)) {
    try {
      yield readEvent(record);
    } catch (error) {
      if (!(error instanceof ProtoError)) throw error;
      onProblem(`left out an event: ${error.message}`);
    }
  }
}

async function inspect(
  path: string,
  files: readonly string[],
): Promise<EventDir> {
  let startMs = Infinity;
  let isOurs = false;
  for (const file of files) {
    let seen = 0;
    // The first event only says of what version the file is.
    for await (const event of events(join(path, file), { note: () => {} })) {
      isOurs ||= event.writer === WRITER;
      startMs = Math.min(startMs, event.wallTime * 1000);
      if (++seen === 2) break;
    }
  }
  if (!Number.isFinite(startMs)) {
    startMs = Deno.statSync(path).mtime?.getTime() ?? 0;
  }
  return { path, files, startMs, isOurs };
}

/** The directories at or below a path that hold event files, with these, in order. */
function* eventFiles(path: string): Generator<[string, string[]]> {
  const root = resolve(path);
  let entries: Deno.DirEntry[];
  try {
    if (Deno.statSync(root).isFile) {
      yield [dirname(root), [basename(root)]];
      return;
    }
    entries = [...Deno.readDirSync(root)];
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new NotFoundError(path, "file or directory");
  }
  const names = entries.filter(({ isFile }) => isFile).map(({ name }) => name)
    .filter((name) => name.includes("tfevents"));
  if (names.length > 0) yield [root, names.sort()];
  const dirs = entries.filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name);
  for (const name of dirs.sort()) yield* eventFiles(join(root, name));
}
