import { join } from "@std/path";
import { exactJson } from "./exact_json.ts";
import { streamRecords } from "./record_stream.ts";
import type { RunSource } from "./run_source.ts";
import {
  ScalarsEncoder,
  textEvent,
  versionEvent,
} from "./tensorboard_event.ts";
import type { ExportTally } from "./text_export.ts";
import { frameTfRecord } from "./tf_records.ts";
import { timestampMicros } from "./timestamp_micros.ts";

/** Who wrote a file, in its first event; an import knows by it what belongs together. */
export const WRITER = "@t9k/em";

/** The tag of the text that holds the hyperparameters. */
export const HPARAMS_TAG = "hyperparameters/text_summary";

/**
 * Writes a run's metrics as TensorBoard event files: one directory a metric type, and the hyperparameters as a text.
 * Values keep all their digits. Epochs have no place there, and a step that is no whole number is rounded down; both are
 * said.
 *
 * @param run The run.
 * @param dir The directory, made if it is missing.
 * @returns What was written.
 * @throws {Deno.errors.AlreadyExists} If the directory holds an export of this run already.
 */
export async function exportTensorboard(
  run: RunSource,
  dir: string,
): Promise<ExportTally> {
  const start = seconds(run.metadata.startTimestamp);
  const name = `events.out.tfevents.${
    Math.floor(start)
  }.${run.metadata.alternativeName}.em`;
  const open = (below: string, wallTime: number): EventFile => {
    Deno.mkdirSync(join(dir, below), { recursive: true });
    const file = new EventFile(join(dir, below, name));
    file.write(versionEvent(wallTime, WRITER));
    return file;
  };
  {
    using file = open("", start);
    const text = `\`\`\`json\n${exactJson(run.hparams)}\n\`\`\``;
    file.write(textEvent({ wallTime: start, step: 0 }, HPARAMS_TAG, text));
  }
  const notes: string[] = [];
  const scalars = new ScalarsEncoder();
  const lost = { epochs: 0, fractions: 0, texts: 0 };
  let records = 0;
  for (const type of run.types) {
    using file = open(type, start);
    records += await streamRecords(await run.metrics(type), {
      rewind: await run.rewind(type),
      visit({ names, values, step, epoch, timestamp }) {
        if (epoch !== null) lost.epochs++;
        if (!Number.isSafeInteger(step)) lost.fractions++;
        if (values.some((value) => typeof value !== "number")) lost.texts++;
        const place = { wallTime: seconds(timestamp), step: wholeStep(step) };
        file.write(scalars.encode(place, names, values.map(Number)));
      },
      onProblem: (problem) => notes.push(`${type}: ${problem}`),
    });
  }
  const { epochs, fractions, texts } = lost;
  if (epochs > 0) {
    notes.push(
      `left out the epochs of ${epochs} records: TensorBoard has none`,
    );
  }
  if (fractions > 0) {
    notes.push(
      `rounded the steps of ${fractions} records: TensorBoard's are whole numbers`,
    );
  }
  if (texts > 0) {
    notes.push(`wrote NaN for what is no number in ${texts} records`);
  }
  return { records, notes };
}

function wholeStep(step: unknown): number {
  const floor = Math.floor(Number(step));
  return Number.isFinite(floor) ? floor : 0;
}

function seconds(timestamp: string): number {
  return (timestampMicros(timestamp) ?? 0) / 1_000_000;
}

const BUFFER_BYTES = 64 * 1024;

/** An event file that is written in large pieces. */
class EventFile implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #used = 0;

  constructor(path: string) {
    this.#file = Deno.openSync(path, { write: true, createNew: true });
  }

  write(event: Uint8Array): void {
    const bytes = frameTfRecord(event);
    if (this.#used + bytes.length > BUFFER_BYTES) this.#flush();
    if (bytes.length > BUFFER_BYTES) return this.#writeAll(bytes);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #flush(): void {
    this.#writeAll(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  #writeAll(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(this.#file.writeSync(rest));
  }

  [Symbol.dispose](): void {
    this.#flush();
    this.#file.close();
  }
}
