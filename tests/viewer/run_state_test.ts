import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { stateDir } from "../../src/local/layout.ts";
import { claim } from "../../src/local/owner.ts";
import { ownerOf, stateOfRunning } from "../../src/viewer/run_state.ts";
import { tempDir } from "../support/temp_dir.ts";

const HERE = "worker-0";
const LAST = Date.parse("2026-11-23T08:30:00Z");
const OWNER = { pid: 7, since: "2026-11-23T08:21:18Z" };

Deno.test("stateOfRunning() calls killed only what has certainly lost its process, and quiet what has long been silent", () => {
  const here = { ...OWNER, hostname: HERE };
  const there = { ...OWNER, hostname: "worker-1" };
  const unknown = { ...OWNER, hostname: null };
  const cases: [
    owner: Parameters<typeof stateOfRunning>[0]["owner"],
    quietMs: number,
    wanted: string,
  ][] = [
    [{ ...here, alive: true }, 0, "live"],
    [{ ...here, alive: true }, 3_600_000, "live"],
    [{ ...here, alive: false }, 0, "killed"],
    [{ ...here, alive: false }, 3_600_000, "killed"],
    [{ ...there, alive: false }, 599_999, "live"],
    [{ ...there, alive: false }, 600_000, "quiet"],
    [{ ...unknown, alive: false }, 0, "live"],
    [{ ...unknown, alive: false }, 600_000, "quiet"],
    [undefined, 599_999, "live"],
    [undefined, 600_000, "quiet"],
  ];
  for (const [owner, quietMs, wanted] of cases) {
    const signs = {
      owner,
      lastMs: LAST,
      nowMs: LAST + quietMs,
      hostname: HERE,
    };
    assertEquals(stateOfRunning(signs), wanted, Deno.inspect([owner, quietMs]));
  }
  const signs = { lastMs: LAST, nowMs: LAST, hostname: null };
  assertEquals(
    stateOfRunning({ ...signs, owner: { ...unknown, alive: false } }),
    "live",
  );
});

Deno.test("ownerOf() says whose a run is, and takes no note for its absence", () => {
  using dir = tempDir();
  const run = join(dir.path, "runs/r_261123_082118_6fauz3");
  assertEquals(ownerOf(run), undefined);
  Deno.mkdirSync(stateDir(run), { recursive: true });
  const owner = { ...OWNER, hostname: HERE };
  const claimed = claim(run, owner);
  assertEquals(ownerOf(run), { ...owner, alive: true });
  claimed.release();
  assertEquals(ownerOf(run), undefined);
});
