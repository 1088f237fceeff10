import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { InUseError } from "../../src/errors.ts";
import { stateDir } from "../../src/local/layout.ts";
import { claim, hold, readOwner } from "../../src/local/owner.ts";
import { tempDir } from "../support/temp_dir.ts";

function runDir(parent: string): string {
  const path = join(parent, "a_261123_082118_6fauz3");
  Deno.mkdirSync(path);
  Deno.mkdirSync(stateDir(path), { recursive: true });
  return path;
}

const OWNER = {
  pid: Deno.pid,
  hostname: "worker-0",
  since: "2026-11-23T08:21:18.167046+00:00",
};

Deno.test("claim() notes the owner outside the run directory, and release() forgets it", () => {
  using dir = tempDir();
  const run = runDir(dir.path);
  const claimed = claim(run, OWNER);
  assertEquals(readOwner(run), { ...OWNER, alive: true });
  assertEquals([...Deno.readDirSync(run)], []);
  claimed.release();
  assertEquals(readOwner(run), undefined);
});

Deno.test("claim() refuses a directory that is being written", () => {
  using dir = tempDir();
  const run = runDir(dir.path);
  const claimed = claim(run, OWNER);
  assertThrows(
    () => claim(run, OWNER),
    InUseError,
    `is being written by this very process, process ${Deno.pid} on "worker-0"`,
  );
  claimed.release();
  claim(run, OWNER).release();
});

Deno.test("restore() notes again who was noted before a claim of which nothing came", () => {
  using dir = tempDir();
  const run = runDir(dir.path);
  const note = join(stateDir(run), "process.json");
  const earlier = {
    ...OWNER,
    pid: 1,
    hostname: "a-much-longer-name-of-a-host",
  };
  Deno.writeTextFileSync(note, JSON.stringify(earlier) + "\n");
  const claimed = claim(run, OWNER);
  assertEquals(readOwner(run), { ...OWNER, alive: true });
  claimed.restore();
  claimed.release();
  assertEquals(readOwner(run), { ...earlier, alive: false });

  Deno.removeSync(note);
  const first = claim(run, OWNER);
  first.restore();
  first.release();
  assertEquals(readOwner(run), undefined);
});

Deno.test("readOwner() tells a killed owner from a living one", async () => {
  using dir = tempDir();
  const run = runDir(dir.path);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `
      import { claim } from ${
        JSON.stringify(import.meta.resolve("../../src/local/owner.ts"))
      };
      claim(${
        JSON.stringify(run)
      }, { pid: Deno.pid, hostname: null, since: "x" });
      console.log("claimed");
      setInterval(() => {}, 1000);
    `,
    ],
    cwd: new URL("../..", import.meta.url),
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  assert(
    new TextDecoder().decode((await reader.read()).value).includes("claimed"),
  );
  assertEquals(readOwner(run), {
    pid: child.pid,
    hostname: null,
    since: "x",
    alive: true,
  });
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  assertEquals(readOwner(run)?.alive, false);
});

Deno.test("hold() keeps others out for as long as it lasts, and keeps the note on the owner", async () => {
  using dir = tempDir();
  const run = runDir(dir.path);
  const note = join(stateDir(run), "process.json");
  Deno.writeTextFileSync(note, JSON.stringify(OWNER));
  const held = hold(run);
  assert(held);
  assertEquals(hold(run), undefined);
  assertThrows(() => claim(run, OWNER), InUseError);
  held.release({ forgetOwner: false });
  assertEquals(readOwner(run), { ...OWNER, alive: false });
  hold(run)?.release({ forgetOwner: true });
  assertEquals(readOwner(run), undefined);
  // A directory without a note is left without one.
  hold(run)?.release({ forgetOwner: false });
  assertEquals([...Deno.readDirSync(stateDir(run))], []);

  // A claim outlasts somebody else's glance.
  const glance = new Worker(
    `data:text/javascript,
    const file = Deno.openSync(${
      JSON.stringify(note)
    }, { read: true, write: true, create: true });
    file.lockSync(true);
    postMessage("held");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    file.close();`,
    { type: "module" },
  );
  await new Promise((resolve) => glance.onmessage = resolve);
  claim(run, OWNER).release();
  glance.terminate();
});

Deno.test("readOwner() is not misled by a note that is being written", () => {
  using dir = tempDir();
  const run = runDir(dir.path);
  const note = join(stateDir(run), "process.json");
  using file = Deno.openSync(note, { write: true, create: true });
  assertEquals(readOwner(run), undefined);
  file.lockSync(true);
  assertEquals(readOwner(run)?.alive, true);
});
