import { assertEquals, assertRejects } from "@std/assert";
import { exists } from "@std/fs";
import { stateDir } from "../../src/local/layout.ts";
import { claim } from "../../src/local/owner.ts";
import { readKept } from "../../src/keeping/kept_directory.ts";
import { removeKept } from "../../src/keeping/remove_kept.ts";
import { keptScene } from "../cli/kept_scene.ts";

Deno.test("removeKept() removes nothing that may not go, and lets nobody begin meanwhile", async () => {
  await using scene = await keptScene();
  const { alone: run } = scene;
  const kept = readKept(run);
  assertEquals(
    await removeKept(kept, { mayGo: () => Promise.resolve(false) }),
    "it has changed meanwhile, here or there",
  );
  await assertRejects(() =>
    removeKept(kept, { mayGo: () => Promise.reject(new Error("away")) })
  );
  assertEquals(await exists(run), true);
  const owner = { pid: Deno.pid, hostname: null, since: "2026-11-23" };
  let refusal: unknown;
  const reason = await removeKept(kept, {
    mayGo() {
      try {
        claim(run, owner).release();
      } catch (error) {
        refusal = error;
      }
      return Promise.resolve(true);
    },
  });
  assertEquals(reason, undefined);
  assertEquals((refusal as Error).name, "InUseError");
  assertEquals(await exists(run), false);
  assertEquals(await exists(stateDir(run)), false);
});
