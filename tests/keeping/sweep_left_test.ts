import { assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { dirname, join } from "@std/path";
import { findLeft, sweepLeft } from "../../src/keeping/sweep_left.ts";
import { stateDir } from "../../src/local/layout.ts";
import { hold } from "../../src/local/owner.ts";
import { keptScene } from "../cli/kept_scene.ts";
import { ROOT, runScript } from "../support/script.ts";

/** Removes a directory in a process that is killed before any file is gone. */
const script = (dir: string) => `
import { readKept } from "${new URL("src/keeping/kept_directory.ts", ROOT)}";
import { removeKept } from "${new URL("src/keeping/remove_kept.ts", ROOT)}";
Deno.removeSync = () => Deno.kill(Deno.pid, "SIGKILL");
await removeKept(readKept(${JSON.stringify(dir)}));
`;

Deno.test("em gc sweeps what a removal has left that was killed, but nothing that somebody is at work on", async () => {
  await using scene = await keptScene();
  const { dir, whole, alone, artifact, em } = scene;
  for (const path of [whole, artifact]) {
    const killed = await runScript(script(path), { dir });
    assertEquals(killed.signal, "SIGKILL", killed.stderr);
    assertEquals(await exists(path), false);
    assertEquals(findLeft(dirname(path)), [path]);
    const state = [...Deno.readDirSync(stateDir(path))].map(({ name }) => name);
    const hidden = state.filter((name) => name.startsWith("removed-"));
    assertEquals(hidden.length, 1, state.join());
    const model = join(stateDir(path), hidden[0] ?? "", "metadata.yaml");
    assertEquals(await exists(model), true);
  }
  const held = hold(whole);
  assertEquals(sweepLeft(dirname(whole)), 0);
  held?.release({ forgetOwner: false });
  const dry = await em(`gc --dry-run ${join(dir, ".em")}`);
  assertStringIncludes(dry.stderr, "2 left-overs of interrupted work would go");
  assertEquals(findLeft(dirname(whole)), [whole]);
  const swept = await em(`gc ${join(dir, ".em")}`);
  assertStringIncludes(
    swept.stderr,
    "2 left-overs of interrupted work removed",
  );
  for (const path of [whole, artifact]) {
    assertEquals(await exists(stateDir(path)), false);
  }
  assertEquals(await exists(alone), true);
  assertEquals(await exists(stateDir(alone)), true);
});
