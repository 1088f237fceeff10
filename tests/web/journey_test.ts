import { assert, assertEquals } from "@std/assert";
import { startLive } from "../support/live_script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { openPages } from "./support/pages.ts";
import { makeSweep } from "./support/sweep.ts";

Deno.test("a person's way through all pages, on runs that real scripts made", async (t) => {
  await using web = await openPages();
  const { page, server } = web;
  const origin = new URL(web.url).origin;
  const foreign: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(?:data|blob|about):/.test(url)) {
      foreign.push(url);
    }
  });
  await makeSweep(server);
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  const tab = (name: string) => page.locator(".tabs").getByText(name);
  const canvas = page.locator(".chart-box:not(.loading) canvas").first();

  await t.step(
    "down the tree to a folder, whose runs are a table",
    async () => {
      await link("vision").first().click();
      await link("sweep").first().click();
      await link("cnn_lr0p1_b128").waitFor();
      await page.getByRole("row").filter({ hasText: "cnn_failed" })
        .getByText("Error").waitFor();
      await page.getByText("14 entries").waitFor();
    },
  );

  await t.step("filtered by a condition and compared", async () => {
    await page.getByRole("combobox", { name: "Condition" })
      .fill("lr > 0.005 and val.accuracy > 0.9");
    await page.getByText("2 entries").waitFor();
    const boxes = page.getByRole("row").getByRole("checkbox");
    await boxes.nth(1).check();
    await boxes.nth(2).check();
    await page.getByRole("link", { name: /^Compare/ }).first().click();
    await page.getByRole("heading", { name: "Compare runs" }).waitFor();
    await canvas.waitFor();
    await tab("Hyperparameters").click();
    await page.getByRole("rowheader", { name: "batch" }).waitFor();
    for (const name of ["Parallel coordinates", "Scatter", "Best run"]) {
      await tab(name).click();
      await page.locator(".tabs [aria-current=page]", { hasText: name })
        .waitFor();
    }
    await page.getByRole("row").filter({ hasText: "cnn_lr0p01_b32" }).first()
      .waitFor();
  });

  await t.step(
    "a run: overview, curves with a spike and what is no number",
    async () => {
      const node = await server.client.node(
        "/demo/vision/sweep/cnn_lr0p1_b128",
      );
      await web.goto(`#/folders/${node?.id}/`);
      await page.getByRole("row", { name: "train/loss" }).waitFor();
      await tab("Metrics").click();
      await canvas.waitFor();
      await page.getByText("✕ NaN ×5 · △ +∞ ×6").waitFor();
      await tab("Log").click();
      await page.locator(".ansi-green", { hasText: "step 300" }).first()
        .waitFor();
      await tab("Git").click();
      await tab("Platform").click();
      await page.getByRole("rowheader", { name: "deno" }).first().waitFor();
    },
  );

  await t.step("by the dataflow to the data it was trained on", async () => {
    await tab("Dataflow").click();
    await link("digits").last().click();
    await page.getByRole("heading", { name: "digits" }).waitFor();
    await tab("Files").click();
    await link("labels.csv").click();
    await page.getByRole("cell", { name: "0.png" }).waitFor();
  });

  await t.step(
    "in the dark and in Chinese, without another look at the server",
    async () => {
      await page.getByRole("button", { name: "Appearance" }).click();
      await page.getByRole("menuitemradio", { name: "Dark" }).click();
      await page.getByRole("button", { name: "Language" }).click();
      await page.getByRole("menuitemradio", { name: "中文" }).click();
      await tab("数据流").click();
      await page.locator("[data-theme=dark]").waitFor();
      await page.getByRole("button", { name: "语言" }).click();
      await page.getByRole("menuitemradio", { name: "English" }).click();
    },
  );

  await t.step(
    "a run while it logs; a lost connection is said, and what was missed comes",
    async () => {
      using dir = tempDir();
      const script = startLive(
        `
      const run = await createRun({
        name: "live", autoUpload: true, folder: "vision/live", makeFolder: true,
      });
      log(run);
      await run.flush();
      say("READY");
      for (const word of ["one", "two"]) {
        await told(word);
        log(run);
        await run.flush();
        say("DID " + word);
      }
      await told("end");
      await end(run);
      `,
        { dir: dir.path, config: server.config },
      );
      await script.heard("READY");
      const node = await server.client.node("/demo/vision/live/live");
      await web.goto(`#/folders/${node?.id}/metrics`);
      const points = (count: number) =>
        page.locator(`.chart-box[data-points="${count}"]`).waitFor();
      await points(1);
      script.tell("one");
      await points(2);
      await web.context.setOffline(true);
      await page.evaluate(() => dispatchEvent(new Event("offline")));
      script.tell("two");
      await script.heard("DID two");
      await page.getByText("Connection lost").waitFor();
      await web.context.setOffline(false);
      await points(3);
      await page.getByText("Connection lost").waitFor({ state: "detached" });
      script.tell("end");
      await page.locator(".status", { hasText: "Complete" }).waitFor();
      await script.end();
    },
  );

  assertEquals(foreign, [], "nothing is asked of another server");
  const own = web.problems.filter((text) =>
    !/ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/.test(text)
  );
  assertEquals(own, []);
  assert(await page.evaluate(() => document.scripts.length === 1));
});
