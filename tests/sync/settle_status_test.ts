import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DamagedFileError } from "../../src/errors.ts";
import {
  decodeRunMetadata,
  encodeRunMetadata,
} from "../../src/format/metadata.ts";
import { stateDir } from "../../src/local/layout.ts";
import { claim } from "../../src/local/owner.ts";
import { settleStatus } from "../../src/sync/settle_status.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";

const HERE = "worker-0";
const START = "2026-11-23T08:21:18.167046+00:00";
const LAST = Date.parse("2026-11-23T08:30:00.250Z");
const MINUTE = 60_000;

/** A run that says `Running`, and wrote its last record at a certain time. */
function makeRun(parent: TempDir, note?: string): string {
  const dir = join(parent.path, "a_261123_082118_6fauz3");
  Deno.mkdirSync(join(dir, "metrics"), { recursive: true });
  Deno.mkdirSync(stateDir(dir), { recursive: true });
  Deno.writeTextFileSync(
    join(dir, "metadata.yaml"),
    encodeRunMetadata({
      kind: "Run",
      name: "a",
      labels: [],
      description: "",
      startTimestamp: START,
      endTimestamp: null,
      status: "Running",
      alternativeName: "a_261123_082118_6fauz3",
      associations: { input: [], output: [] },
      remote: [],
    }),
  );
  const metrics = join(dir, "metrics/train.yaml");
  Deno.writeTextFileSync(metrics, "- {}\n");
  Deno.utimeSync(metrics, LAST / 1000, LAST / 1000);
  if (note !== undefined) {
    Deno.writeTextFileSync(join(stateDir(dir), "process.json"), note);
  }
  return dir;
}

function noteOf(hostname: string | null): string {
  return JSON.stringify({ pid: 1, hostname, since: START });
}

function statusOf(dir: string) {
  const text = Deno.readTextFileSync(join(dir, "metadata.yaml"));
  const { status, endTimestamp } = decodeRunMetadata(text);
  return [status, endTimestamp && Date.parse(endTimestamp)];
}

Deno.test("settleStatus() marks the run of a killed process once, with the time of its last file", async () => {
  using parent = tempDir();
  const dir = makeRun(parent, noteOf(HERE));
  const options = { hostname: HERE, now: () => LAST + 1000 };
  assertEquals(await settleStatus(dir, options), "killed");
  assertEquals(statusOf(dir), ["Error", LAST]);
  assertEquals([...Deno.readDirSync(stateDir(dir))], []);
  assertEquals(await settleStatus(dir, options), "ended");
});

Deno.test("settleStatus() leaves alone what may go on, and what this package did not write", async () => {
  const table: [string, string | undefined, string | null, number, string][] = [
    ["another machine's, just written", noteOf("pod-7"), HERE, 1000, "running"],
    ["a machine's without name", noteOf(null), HERE, 1000, "running"],
    ["on a machine without name", noteOf(HERE), null, 1000, "running"],
    ["nobody's, just written", undefined, HERE, 1000, "unknown"],
    ["nobody's, long quiet", undefined, HERE, 11 * MINUTE, "ended"],
    ["not written yet", "", HERE, 1000, "unknown"],
  ];
  for (const [name, note, hostname, afterMs, life] of table) {
    using parent = tempDir();
    const dir = makeRun(parent, note);
    const options = { hostname, now: () => LAST + afterMs };
    assertEquals(await settleStatus(dir, options), life, name);
    assertEquals(statusOf(dir), ["Running", null], name);
  }
});

Deno.test("settleStatus() takes another machine's run for ended when it has long been quiet", async () => {
  using parent = tempDir();
  const dir = makeRun(parent, noteOf("pod-7"));
  const options = { hostname: HERE, now: () => LAST + 11 * MINUTE };
  assertEquals(await settleStatus(dir, options), "killed");
});

Deno.test("settleStatus() touches no run that is being written", async () => {
  using parent = tempDir();
  const dir = makeRun(parent);
  const owner = claim(dir, { pid: Deno.pid, hostname: HERE, since: START });
  const options = { hostname: HERE, now: () => LAST + 100 * MINUTE };
  assertEquals(await settleStatus(dir, options), "running");
  assertEquals(statusOf(dir), ["Running", null]);
  owner.release();
});

Deno.test("settleStatus() of a damaged run says so, and keeps the note on its process", async () => {
  using parent = tempDir();
  const dir = makeRun(parent, noteOf(HERE));
  Deno.writeTextFileSync(join(dir, "metadata.yaml"), "kind: Run\n");
  await assertRejects(
    () => settleStatus(dir, { hostname: HERE }),
    DamagedFileError,
  );
  assertEquals([...Deno.readDirSync(stateDir(dir))].length, 1);
});
