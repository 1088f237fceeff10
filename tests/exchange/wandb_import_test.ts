import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { crc32 } from "../../src/exchange/checksums.ts";
import { findWandbRuns } from "../../src/exchange/wandb_import.ts";
import { readWandbLog } from "../../src/exchange/wandb_log.ts";
import { DamagedFileError, NotFoundError } from "../../src/errors.ts";
import { readRunDirectory } from "../../src/run/read_run_directory.ts";
import { tempDir } from "../support/temp_dir.ts";
import { EXCHANGE, importAll, valuesOf } from "./imported.ts";

const LOGS = join(EXCHANGE, "wandb");
const FILE = join(LOGS, "offline-run", "run.wandb");

Deno.test("findWandbRuns() takes over what W&B recorded offline", async () => {
  using dir = tempDir();
  const [run, ...others] = await importAll(await findWandbRuns(LOGS), dir.path);
  assertEquals(others, []);
  assertEquals([...run?.notes ?? []].sort(), [
    'left out 5 values of "note": no numbers',
    'left out 5 values of "weights": no numbers',
  ]);
  const steps = [0, 1, 2, 3, 4];
  assertEquals(valuesOf(run), {
    train: [
      ...steps.map((step) => [step, {
        "deep.a": step,
        loss: 1 / (step + 1),
        lr: 0.001,
      }]),
      [5, { loss: NaN, grad: Infinity }],
    ],
    val: steps.map((step) => [step, { loss: 2 / (step + 1) }]),
  });
  const { metadata, hparams } = readRunDirectory(run?.path ?? "");
  assertEquals(hparams, {
    lr: 0.001,
    layers: [32, 64],
    optimizer: { name: "adam", beta: 0.9 },
    seed: 7,
  });
  const { name, labels, description, status } = metadata;
  assertEquals({ name, labels, description, status }, {
    name: "first-try",
    labels: ["imported", "cnn", "baseline"],
    description: "A small run.",
    status: "Complete",
  });
  const log = Deno.readTextFileSync(join(run?.path ?? "", "stdout.log"));
  assertEquals(log, steps.map((step) => `step ${step}\n`).join(""));
});

Deno.test("a .wandb file that is cut anywhere gives the records before, and a run without its end an Error", async () => {
  using dir = tempDir();
  const bytes = Deno.readFileSync(FILE);
  const whole = [...readWandbLog(FILE, () => {})].map(String);
  const path = join(dir.path, "run-cut.wandb");
  for (let length = 7; length < bytes.length; length += 11) {
    Deno.writeFileSync(path, bytes.subarray(0, length));
    const found = [...readWandbLog(path, () => {})].map(String);
    assertEquals(found, whole.slice(0, found.length), `${length} bytes`);
  }
  Deno.writeFileSync(path, bytes.subarray(0, bytes.length - 400));
  const [run] = await importAll(await findWandbRuns(path), dir.path);
  assertEquals(run?.status, "Error");
  assertEquals(
    run?.notes.includes("the run has no end: its process was killed, or runs"),
    true,
  );
});

Deno.test("readWandbLog() puts together what blocks part, and stops at damage", () => {
  using dir = tempDir();
  const records = [10, 40_000, 32_768 - 7 - 20, 100_000, 3, 0, 32_700].map(
    (length, at) => new Uint8Array(length).fill(at + 1),
  );
  const path = join(dir.path, "long.wandb");
  const bytes = wandbLog(records);
  Deno.writeFileSync(path, bytes);
  const problems: string[] = [];
  const note = (problem: string) => void problems.push(problem);
  const found = [...readWandbLog(path, note)];
  assertEquals(found.map(({ length }) => length), records.map((r) => r.length));
  records.forEach((record, at) =>
    assert(found[at]?.every((byte) => byte === record[0]), `record ${at}`)
  );
  assertEquals(problems, []);
  bytes[50_000] = 99;
  Deno.writeFileSync(path, bytes);
  assertEquals([...readWandbLog(path, note)].length, 2);
  assertEquals(problems.length, 1);
});

Deno.test("findWandbRuns() refuses what is none", async () => {
  using dir = tempDir();
  assertThrows(() => findWandbRuns(dir.path), NotFoundError);
  const path = join(dir.path, "x.wandb");
  Deno.writeTextFileSync(path, "something else");
  await assertRejects(
    async () => await importAll(await findWandbRuns(path), dir.path),
    DamagedFileError,
    "it is no .wandb file",
  );
  const left = [...Deno.readDirSync(dir.path)].map(({ name }) => name).sort();
  assertEquals(left, [".state", "x.wandb"]);
});

/** Writes a log as LevelDB's description says, with W&B's head. */
function wandbLog(records: readonly Uint8Array[]): Uint8Array {
  const BLOCK = 32_768;
  const bytes = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0];
  for (const record of records) {
    let [at, isFirst] = [0, true];
    do {
      const room = BLOCK - bytes.length % BLOCK;
      if (room < 7) {
        for (let i = 0; i < room; i++) bytes.push(0);
        continue;
      }
      const part = record.subarray(at, at + room - 7);
      at += part.length;
      const isLast = at === record.length;
      const kind = isFirst ? (isLast ? 1 : 2) : isLast ? 4 : 3;
      const check = crc32(Uint8Array.from([kind, ...part]));
      const head = new DataView(new ArrayBuffer(7));
      head.setUint32(0, check, true);
      head.setUint16(4, part.length, true);
      head.setUint8(6, kind);
      for (const byte of new Uint8Array(head.buffer)) bytes.push(byte);
      for (const byte of part) bytes.push(byte);
      isFirst = false;
      if (isLast) break;
    } while (true);
  }
  return Uint8Array.from(bytes);
}
