import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type LocalJsr, startLocalJsr } from "../support/local_jsr.ts";
import { onlyRun } from "../support/script.ts";
import { meetStranger, type Stranger } from "../support/stranger.ts";
import {
  deliversFromLoop,
  installEm,
  LOCAL_RUN,
  tellStory,
} from "../support/stranger_story.ts";

const PACKAGE = { name: "jsr:@t9k/em" };

function meet(jsr: LocalJsr): Promise<Stranger> {
  return meetStranger({ env: { JSR_URL: jsr.url } });
}

Deno.test("from JSR, a local run needs no more than its directory and one variable", async () => {
  await using jsr = await startLocalJsr();
  await using stranger = await meet(jsr);
  stranger.write(
    "main.ts",
    `import { createRun } from "jsr:@t9k/em";
const run = await createRun({ name: "stranger", hparams: { lr: 0.1 } });
const lr: number = run.hparams.lr;
run.log("train", { loss: lr }, { step: 1 });
console.log((await run.finish()).status);
`,
  );
  const { code, stdout, stderr } = await stranger.run(
    ...["deno", "run", "--check", ...LOCAL_RUN, "main.ts"] as const,
  );
  assertEquals(code, 0, stderr);
  assertEquals(stdout, "Complete\n");
  assertEquals(jsr.missing, []);
  assertMatch(
    Deno.readTextFileSync(
      join(onlyRun(stranger.dir), "metrics/train.yaml"),
    ),
    /loss: 0\.1\b/,
  );
});

Deno.test("from JSR, a loop that never yields is delivered by a thread of its own, without leave to read the package", async () => {
  await using jsr = await startLocalJsr();
  await using stranger = await meet(jsr);
  await deliversFromLoop(stranger, PACKAGE);
});

Deno.test("from JSR, a stranger records, serves and looks, without installing anything", async () => {
  await using jsr = await startLocalJsr();
  await using stranger = await meet(jsr);
  await tellStory(stranger, PACKAGE);
  assertEquals(jsr.missing, []);
});

Deno.test("from JSR, a stranger installs the em command, and serves and looks with it", async () => {
  await using jsr = await startLocalJsr();
  await using stranger = await meet(jsr);
  await installEm(stranger, PACKAGE);
  await tellStory(stranger, { ...PACKAGE, em: ["em"] });
  // An installation asks whether the package came with versions of its own.
  assertEquals(
    jsr.missing.filter((path) => !path.endsWith("/deno.lock")),
    [],
  );
});

Deno.test("from JSR, system metrics have a thread of their own without leave to read the package, and /tfjs needs nothing", async () => {
  await using jsr = await startLocalJsr();
  await using stranger = await meet(jsr);
  stranger.write(
    "main.ts",
    `
      import { createRun } from "jsr:@t9k/em";
      import { tfjsCallback, type TfjsModel } from "jsr:@t9k/em/tfjs";
      const run = await createRun({ name: "stranger", systemMetrics: { everyMs: 1000 } });
      const model: TfjsModel = { evaluate: () => 0.5, evaluateDataset: () => Promise.resolve(0.5) };
      // Only a thread of its own adds to it while this computes.
      let count = 0;
      while (count < 2) count = Deno.readTextFileSync(run.local + "/metrics/system.yaml").match(/step/g)?.length ?? 0;
      const { loss } = await tfjsCallback(run, model).evaluate();
      await run.finish();
      console.log(loss, count);
    `,
  );
  const { code, stdout, stderr } = await stranger.run(
    ...["deno", "run", "--check", ...LOCAL_RUN, "main.ts"] as const,
  );
  assertEquals(code, 0, stderr);
  assertEquals(stdout, "0.5 2\n");
  assertEquals(jsr.missing, []);
});
