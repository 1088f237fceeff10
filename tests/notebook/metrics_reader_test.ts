import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type Attempt, encodeAttempts } from "../../src/format/attempts.ts";
import { createRecordEncoder } from "../../src/format/record_encoder.ts";
import { MetricsReader } from "../../src/notebook/metrics_reader.ts";
import { LocalSource } from "../../src/reading/local_source.ts";
import { tempDir } from "../support/temp_dir.ts";

const FILE = "metrics/train.yaml";
const START = "2026-11-23T08:21:18.167046+00:00";

function records(loss: number, from: number, to: number): Uint8Array {
  const encode = createRecordEncoder();
  const parts = Array.from(
    { length: to - from + 1 },
    (_, at) => [...encode({ loss }, from + at, null)],
  );
  return new Uint8Array(parts.flat());
}

/** The list of two attempts, of which the second began behind so many bytes. */
function attempts(bytes: number): string {
  const one: Attempt = {
    attempt: 1,
    startTimestamp: START,
    endTimestamp: START,
    status: "Killed",
    pid: 1,
    hostname: null,
    resumes: false,
    files: {},
  };
  const files = { [FILE]: bytes };
  return encodeAttempts([
    one,
    { ...one, attempt: 2, status: "Running", resumes: true, files },
  ]);
}

Deno.test("MetricsReader leaves out what a resumed run records anew, also where it has read that already", async () => {
  using dir = tempDir();
  const path = join(dir.path, FILE);
  Deno.mkdirSync(join(dir.path, "metrics"));
  const first = records(1, 1, 10);
  Deno.writeFileSync(path, first);
  const reader = new MetricsReader(new LocalSource(dir.path));
  const look = async () => {
    const { series, problems } = await reader.look();
    assertEquals(problems, []);
    return series.map(({ count, last, max }) => [
      count,
      last.step,
      last.value,
      max?.value,
    ]);
  };
  assertEquals(await look(), [[10, 10, 1, 1]]);

  // It goes on from a checkpoint at step 5, and nothing is recorded yet.
  Deno.writeTextFileSync(
    join(dir.path, "attempts.yaml"),
    attempts(first.length),
  );
  assertEquals(await look(), [[10, 10, 1, 1]]);

  Deno.writeFileSync(path, records(2, 6, 7), { append: true });
  assertEquals(await look(), [[7, 7, 2, 2]]);
  Deno.writeFileSync(path, records(3, 8, 8), { append: true });
  assertEquals(await look(), [[8, 8, 3, 3]]);

  Deno.removeSync(join(dir.path, "attempts.yaml"));
  assertEquals(await look(), [[13, 8, 3, 3]]);
  // Another file under the same name is read from its beginning.
  Deno.writeFileSync(path, records(4, 1, 2));
  assertEquals(await look(), [[2, 2, 4, 4]]);
});
