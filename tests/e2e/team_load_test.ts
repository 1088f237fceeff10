import { assertEquals, assertGreater } from "@std/assert";
import { teamLoad } from "../support/team_load.ts";
import { tempDir } from "../support/temp_dir.ts";

// `deno task bench team` does the same with 64 runs for two minutes.
Deno.test("runs of several processes log and upload to em serve at once: no error, nothing lost", async () => {
  using dir = tempDir();
  const { runs, objects, troubles, waitsMs } = await teamLoad({
    dir: dir.path,
    seconds: 4,
    processes: 2,
    runsEach: 6,
  });
  assertEquals(troubles, []);
  assertEquals(runs.map(({ state }) => state), Array(12).fill("complete"));
  // metadata, hyperparameters, platform and index, two kinds of metrics, a checkpoint.
  assertGreater(objects, 12 * 6);
  assertGreater(waitsMs.length, 0);
});
