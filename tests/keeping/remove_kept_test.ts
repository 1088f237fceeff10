import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { exists } from "@std/fs";
import { stateDir } from "../../src/local/layout.ts";
import { claim } from "../../src/local/owner.ts";
import { readKept } from "../../src/keeping/kept_directory.ts";
import { removeKept } from "../../src/keeping/remove_kept.ts";
import { joinRun } from "../../mod.ts";
import { uploadStateOf } from "../../src/keeping/upload_state.ts";
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

Deno.test("removeKept() leaves a run that a process writes as a rank, though its main process is gone", async () => {
  await using scene = await keptScene();
  const { alone: run } = scene;
  const before = readKept(run);
  assertEquals(before.life, "done");
  const rank = await joinRun(run, { rank: 1, captureConsole: false });
  rank.log("train", { loss: 1 }, { step: 1 });
  const kept = readKept(run);
  assertEquals([kept.life, kept.pid], ["live", Deno.pid]);
  const { state, reason } = await uploadStateOf(kept);
  assertEquals(state, "running");
  assertMatch(reason, /^process \d+ writes it as a rank(?!.* delivers it)/);
  assertEquals(
    await removeKept(before),
    `process ${Deno.pid} writes it as a rank`,
  );
  assertEquals(await exists(run), true);

  await rank.finish();
  assertEquals(readKept(run).life, "done");
  assertEquals(await removeKept(readKept(run)), undefined);
  assertEquals(await exists(run), false);
});
