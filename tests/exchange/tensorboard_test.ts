import { assertEquals, assertMatch } from "@std/assert";
import { basename, join } from "@std/path";
import * as fc from "fast-check";
import { crc32, maskedCrc32c } from "../../src/exchange/checksums.ts";
import { openRun } from "../../src/exchange/run_source.ts";
import { exportTensorboard } from "../../src/exchange/tensorboard_export.ts";
import { findTensorboardRuns } from "../../src/exchange/tensorboard_import.ts";
import { readRunDirectory } from "../../src/run/read_run_directory.ts";
import { tempDir } from "../support/temp_dir.ts";
import { EXCHANGE, importAll, valuesOf } from "./imported.ts";
import { madeRun, recordsOf, START_MS } from "./made_run.ts";

const FIXTURES = join(EXCHANGE, "tensorboard");

Deno.test("the checks are those of the published examples", () => {
  const bytes = new TextEncoder().encode("123456789");
  assertEquals(crc32(bytes), 0xcbf43926);
  const plain = 0xe3069283;
  const masked = (((plain >>> 15) | (plain << 17)) + 0xa282ead8) >>> 0;
  assertEquals(maskedCrc32c(bytes), masked);
});

Deno.test("a run that goes to TensorBoard's files and comes back is the same", async () => {
  using dir = tempDir();
  const record = fc.record({
    type: fc.constantFrom("train", "val", "custom"),
    values: fc.dictionary(
      fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" }),
      fc.oneof(fc.double(), fc.constantFrom(-0, NaN, Infinity, 5e-324)),
      { minKeys: 1, maxKeys: 3, noNullPrototype: true },
    ),
    step: fc.maxSafeInteger(),
    timeMs: fc.nat(1e9).map((ms) => START_MS + ms + 0.123),
  });
  const hparams = { lr: 0.1, n: [1, 2], inner: { name: "学", none: null } };
  const given = fc.array(record, { minLength: 1, maxLength: 10 });
  let round = 0;
  await fc.assert(
    fc.asyncProperty(given, async (records) => {
      const path = await madeRun(dir.path, records, hparams);
      const logs = join(dir.path, `logs-${round++}`);
      const tally = await exportTensorboard(await openRun(path), logs);
      assertEquals(tally, { records: records.length, notes: [] });
      const [back, ...others] = await importAll(
        await findTensorboardRuns(logs),
        dir.path,
      );
      assertEquals(others, []);
      assertEquals(back?.notes, []);
      assertEquals(recordsOf(back?.path ?? ""), sorted(recordsOf(path)));
      assertEquals(readRunDirectory(back?.path ?? "").hparams, hparams);
    }),
    { numRuns: 40 },
  );
});

Deno.test("exportTensorboard() says what has no place there, and replaces nothing", async () => {
  using dir = tempDir();
  const path = await madeRun(dir.path, [
    { type: "train", values: { a: 1 }, step: 1.5, epoch: 2, timeMs: START_MS },
  ]);
  const run = await openRun(path);
  const { notes } = await exportTensorboard(run, join(dir.path, "logs"));
  assertEquals(notes, [
    "left out the epochs of 1 records: TensorBoard has none",
    "rounded the steps of 1 records: TensorBoard's are whole numbers",
  ]);
  const again = await exportTensorboard(run, join(dir.path, "logs")).catch(
    (error: unknown) => error,
  );
  assertEquals(again instanceof Deno.errors.AlreadyExists, true);
});

Deno.test("findTensorboardRuns() takes train and validation for metric types, and what TensorBoard wrote for values", async () => {
  using dir = tempDir();
  const [keras, torch] = await importAll(
    await findTensorboardRuns(FIXTURES),
    dir.path,
  );
  assertEquals(valuesOf(keras), {
    train: [[0, { epoch_loss: 1 }], [1, { epoch_loss: 0.5 }], [2, {
      epoch_loss: Math.fround(1 / 3),
    }], [3, { epoch_loss: 0.25 }]],
    // The last event is cut off.
    val: [[0, { epoch_loss: 2 }], [1, { epoch_loss: 1 }], [2, {
      epoch_loss: 2 / 3,
    }]],
  });
  assertMatch(keras?.notes.join() ?? "", /the last record is cut off at byte/);
  assertEquals(valuesOf(torch), {
    train: [[1, { loss: 0.5 }], [2, { loss: NaN }], [-3, { loss: Infinity }]],
    val: [[1, { loss: 0.75 }]],
  });
  assertEquals(torch?.notes, ['left out 1 of "weights": no scalars']);
  const { metadata, hparams } = readRunDirectory(torch?.path ?? "");
  assertEquals(hparams, { lr: 0.125, optimizer: "adam", amp: true });
  assertEquals(metadata.labels, ["imported"]);
  assertEquals(metadata.status, "Complete");
  assertEquals(
    Date.parse(metadata.startTimestamp),
    Date.UTC(2023, 10, 14, 22, 13, 20),
  );
});

Deno.test("an event file that is cut anywhere, or damaged, gives the records before", async () => {
  using dir = tempDir();
  const file = join(
    FIXTURES,
    "keras",
    "train",
    "events.out.tfevents.1700000000.host.1.0",
  );
  const bytes = Deno.readFileSync(file);
  const whole = [1, 0.5, Math.fround(1 / 3), 0.25];
  const at = join(dir.path, "cut", basename(file));
  Deno.mkdirSync(join(dir.path, "cut"));
  let most = 0;
  const lossesOf = async (content: Uint8Array): Promise<number[]> => {
    Deno.writeFileSync(at, content);
    const [run] = await findTensorboardRuns(at);
    const found: number[] = [];
    await run?.read({
      record: ({ values }) => found.push(...Object.values(values)),
      output: () => {},
      note: () => {},
    });
    return found;
  };
  for (let length = 0; length < bytes.length; length++) {
    const found = await lossesOf(bytes.subarray(0, length));
    assertEquals(found, whole.slice(0, found.length));
    most = Math.max(most, found.length);
    const damaged = bytes.slice();
    damaged[length] = ~(damaged[length] ?? 0);
    const kept = await lossesOf(damaged);
    assertEquals(kept, whole.slice(0, kept.length), `byte ${length}`);
    assertEquals(kept.length < whole.length, true);
  }
  assertEquals(most, whole.length - 1);
});

function sorted<T>(byType: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(byType).sort());
}
