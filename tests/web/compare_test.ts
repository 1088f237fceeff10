import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Locator, Page } from "playwright-core";
import { metricsText } from "../server/metrics/support.ts";
import { seriousFaults } from "./support/axe.ts";
import { trainScript, trainSix } from "./support/compared_runs.ts";
import { openPages } from "./support/pages.ts";

/** The texts of a row of a table, without its name. */
async function row(page: Page, name: string | RegExp): Promise<string[]> {
  const found = page.getByRole("row").filter({
    has: page.getByRole("rowheader", { name }),
  }).first();
  await found.waitFor();
  return await found.getByRole("cell").locator(".user-text").allTextContents();
}

async function choose(page: Page, run: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${run}` }).click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

async function drag(
  page: Page,
  from: Locator,
  [dx, dy]: readonly [number, number],
  at: readonly [number, number],
): Promise<void> {
  const box = await from.boundingBox();
  assert(box !== null);
  const [x, y] = [box.x + at[0], box.y + at[1]];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + dx / 2, y + dy / 2);
  await page.mouse.move(x + dx, y + dy);
  await page.mouse.up();
}

Deno.test("runs are compared", async (t) => {
  await using web = await openPages({
    browser: { permissions: ["clipboard-read", "clipboard-write"] },
  });
  const { page, server } = web;
  const ids = await trainSix(server);
  const all = [...ids.values()].map((id) => `run=${id}`).join("&");
  const id = (letter: string): string => ids.get(letter) ?? "";
  /** What the address says now; the browser's driver hears of changes later. */
  const paramsNow = async (): Promise<URLSearchParams> =>
    new URLSearchParams(
      (await page.evaluate(() => location.hash)).split("?")[1],
    );
  const param = async (name: string): Promise<string | null> =>
    (await paramsNow()).get(name);

  await t.step(
    "parameters that differ are first, equal ones folded away, null told from what is not there",
    async () => {
      await web.goto(`#/compare/params?${all}`);
      await page.getByText("4 differ · 1 equal").waitFor();
      assertEquals(
        await page.getByRole("rowheader").allTextContents(),
        ["optimizer.name", "optimizer.lr", "augment", "dropout"],
      );
      await page.getByRole("cell", { name: "null" }).waitFor();
      assertEquals((await row(page, "dropout")).slice(0, 4), [
        "–",
        "null",
        "0.2",
        "0.3",
      ]);
      await page.getByRole("button", { name: "Show 1 equal row" }).click();
      assertEquals((await row(page, "batch_size"))[0], "32");
      await page.getByRole("searchbox").fill("sgd");
      await page.getByText("1 differ · 0 equal").waitFor();
    },
  );

  await t.step(
    "the baseline, hidden runs and the order stand in the address",
    async () => {
      await web.goto(`#/compare/params?${all}`);
      await choose(page, "cnn_b", "Use as baseline");
      await page.getByRole("cell").filter({ hasText: "+0.002" }).waitFor();
      await page.getByRole("button", { name: "Hide cnn_c" }).click();
      await choose(page, "cnn_d", "Move to the front");
      await choose(page, "cnn_f", "Remove from the comparison");
      const address = await page.evaluate(() => location.href);
      await page.goto("about:blank");
      await page.goto(address);
      await page.getByText("5 runs · 1 hidden").waitFor();
      const heads = page.getByRole("columnheader");
      await heads.filter({ hasText: "cnn_b" }).waitFor();
      assertEquals(
        (await heads.getByRole("link").allTextContents()).slice(0, 3),
        ["cnn_d", "cnn_a", "cnn_b"],
      );
      assertEquals(await param("base"), id("b").slice(0, 6));
      await page.getByRole("button", { name: "Show all" }).click();
      await page.getByText("5 runs", { exact: true }).waitFor();
    },
  );

  await t.step(
    "the best of each metric is marked, by a direction that can be changed",
    async () => {
      await web.goto(`#/compare/metrics?${all}&stat=last`);
      const best = async (metric: string): Promise<string[]> => {
        const found = page.getByRole("row").filter({ hasText: metric });
        await found.first().waitFor();
        return await found.locator(".best .user-text").allTextContents();
      };
      assertEquals(await best("train/loss"), ["0.05"]);
      assertEquals(await best("val/accuracy"), ["0.89"]);
      await page.getByRole("button", { name: /^val\/accuracy: Higher/ })
        .click();
      await page.getByRole("button", { name: /^val\/accuracy: Lower/ })
        .waitFor();
      assertEquals(await best("val/accuracy"), ["0.8"]);
      assertEquals(await param("low"), "val/accuracy");
      // Its loss ended as no number, which is said, and is not the best.
      await page.getByRole("table").evaluate((table) => table.scrollLeft = 1e4);
      await page.getByRole("cell", { name: "10 NaN" }).waitFor();
    },
  );

  await t.step("a table is copied whole", async () => {
    await web.goto(`#/compare/metrics?${all}&stat=max`);
    await page.getByRole("button", { name: "Copy the table" }).click();
    await page.getByRole("menuitem", { name: "Copy as CSV" }).click();
    await page.getByText("Copied").waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assertEquals(text.split("\r\n").slice(0, 2), [
      "Metric,cnn_a,cnn_b,cnn_c,cnn_d,cnn_e,cnn_f",
      "train/loss max,1,1.01,1.02,1.03,1.04,1.05",
    ]);
  });

  await t.step(
    "a range on an axis leaves the runs in it, and stands in the address",
    async () => {
      await web.goto(`#/compare/parallel?${all}`);
      const axis = page.locator('[data-axis="hparams.optimizer.lr"]');
      await axis.waitFor();
      // From 0.1 at the top to the middle of the axis, where 0.0055 is.
      await drag(page, axis, [0, 180], [14, 1]);
      await page.getByText("3 of 6 runs match").waitFor();
      await page.reload();
      await page.getByText("3 of 6 runs match").waitFor();
      const brush: unknown = JSON.parse((await param("brush")) ?? "");
      assert(Array.isArray(brush));
      assertEquals([brush[0], brush[2]], ["hparams.optimizer.lr", null]);
      assert(brush[1] > 0.003 && brush[1] < 0.01, `${brush[1]}`);
      await page.getByText("Ranges", { exact: true }).click();
      await page.getByLabel("optimizer.lr from").fill("0.05");
      await page.keyboard.press("Tab");
      await page.getByText("1 of 6 runs match").waitFor();
      await page.getByRole("button", { name: "Clear all ranges" }).click();
      await page.getByRole("checkbox", { name: "sgd" }).uncheck();
      await page.getByText("3 of 6 runs match").waitFor();
      await page.getByRole("button", { name: "Hide the others" }).click();
      await page.getByText("6 runs · 3 hidden").waitFor();
    },
  );

  await t.step(
    "axes are moved by the keyboard and by dragging, and can be taken away",
    async () => {
      await web.goto(
        `#/compare/parallel?${all}&axis=hparams.dropout&axis=hparams.augment&axis=metrics.val/accuracy.last`,
      );
      const axes = async (): Promise<string[]> =>
        (await paramsNow()).getAll("axis");
      const head = page.getByRole("button", { name: "augment" });
      await head.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("menuitem", { name: "Move right" }).focus();
      await page.keyboard.press("Enter");
      assertEquals((await axes())[2], "hparams.augment");
      await page.locator(".axis-head").last().getByText("augment").waitFor();
      await drag(page, head, [-700, 0], [10, 10]);
      assertEquals((await axes())[0], "hparams.augment");
      await head.click();
      await page.getByRole("menuitem", { name: "Remove axis" }).click();
      assertEquals((await axes()).length, 2);
    },
  );

  await t.step("a point of the scatter plot opens its run", async () => {
    await web.goto(`#/compare/scatter?${all}`);
    await page.getByText("Correlation with val/accuracy").waitFor();
    await page.getByText("n = 6").first().waitFor();
    const address = await page.evaluate(() => location.href);
    const point = page.getByRole("link", { name: /^cnn_e: optimizer.lr/ });
    await point.hover();
    await page.locator(".scatter-tip", { hasText: "cnn_e" }).waitFor();
    await point.click();
    await page.getByRole("heading", { name: "cnn_e" }).waitFor();
    assertStringIncludes(
      await page.evaluate(() => location.hash),
      id("e"),
    );
    await page.goto(address);
    await page.getByLabel("X axis").selectOption("hparams.dropout");
    // The run without a dropout, and the one whose dropout is null.
    await page.getByText("2 runs have no value").waitFor();
    await page.getByText(/not drawn: cnn_a, cnn_b/).waitFor();
    await page.reload();
    await page.getByText("2 runs have no value").waitFor();
  });

  await t.step(
    "the best run is named, and the others by rank; what arrives is shown at once",
    async () => {
      await web.goto(`#/compare/best?${all}`);
      const winner = page.locator(".winner");
      await winner.filter({ hasText: "cnn_c" }).waitFor();
      assertEquals((await row(page, /1.*cnn_c/))[0], "0.89");
      await server.client.putObject(
        "/demo/cnn/cnn_a/metrics/val.yaml",
        new TextEncoder().encode(
          metricsText([{ values: { accuracy: 0.97 }, step: 21 }]),
        ),
      );
      await winner.filter({ hasText: "cnn_a" }).waitFor();
      await page.getByRole("button", { name: "Lower is better" }).click();
      await winner.filter({ hasText: "cnn_f" }).waitFor();
    },
  );

  await t.step(
    "runs are added by name and by path, from other folders, too",
    async () => {
      await trainScript(
        server,
        `const run = await createRun({ name: "cnn_a", folder: "other", makeFolder: true, autoUpload: true, hparams: { z: 1 } });
       run.log("train", { loss: 2 }, { step: 1 });
       await run.finish();`,
      );
      await web.goto(`#/compare/params?run=${id("a")}`);
      await page.getByRole("button", { name: "Add runs" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("searchbox").fill("/demo/other");
      await dialog.getByRole("checkbox", { name: "/demo/other/cnn_a" }).check();
      await dialog.getByRole("searchbox").fill("cnn_d");
      await dialog.getByText("/demo/cnn/cnn_d").click();
      await dialog.getByRole("button", { name: "Add 2 runs" }).click();
      const chips = page.getByRole("list", { name: "Compared runs" });
      await chips.getByRole("link", { name: "cnn_d" }).waitFor();
      assertEquals(await chips.getByRole("link").allTextContents(), [
        "cnn/cnn_a",
        "other/cnn_a",
        "cnn_d",
      ]);
    },
  );

  await t.step("a run that is not there is said, and left out", async () => {
    await web.goto(`#/compare/params?${all}&run=${crypto.randomUUID()}`);
    await page.getByText("1 run of this address is not there").waitFor();
    await page.getByRole("button", { name: "Leave out" }).click();
    await page.getByText("6 runs", { exact: true }).waitFor();
  });

  await t.step(
    "what users wrote is shown as text, however long and whatever it looks like",
    async () => {
      await trainScript(
        server,
        `for (const name of ["odd_a", "odd_b"]) {
         const run = await createRun({ name, folder: "odd", makeFolder: true, autoUpload: true, hparams: {
           "<img src=x onerror=hacked=1>": "<script>hacked=1</script>" + name,
           "\u202Eabc": "\u202Edef" + name,
           long: name + "x".repeat(1e6),
           lr: name === "odd_a" ? 1 : 2,
         } });
         run.log("train", { "<b>m</b>": run.hparams.lr }, { step: 1 });
         await run.finish();
       }`,
      );
      const odd = await Promise.all(
        ["odd_a", "odd_b"].map((name) =>
          server.client.node(`/demo/odd/${name}`)
        ),
      );
      const query = odd.map((node) => `run=${node?.id}`).join("&");
      await web.goto(`#/compare/params?${query}`);
      await page.getByText("<img src=x onerror=hacked=1>").waitFor();
      await page.getByText("<script>hacked=1</script>odd_b").waitFor();
      for (
        const [tab, shown] of [
          ["metrics", "train/<b>m</b>"],
          ["parallel", "<img src=x onerror=hacked=1>"],
          ["scatter", "train/<b>m</b>"],
          ["best", "<img src=x onerror=hacked=1>"],
        ] as const
      ) {
        await web.goto(`#/compare/${tab}?${query}`);
        await page.locator("#main .user-text", { hasText: shown }).first()
          .waitFor();
      }
      assertEquals(await page.evaluate(() => "hacked" in globalThis), false);
      assertEquals(await page.locator("#main img, #main script").count(), 0);
    },
  );

  await t.step(
    "axe finds no serious fault, light and dark, and a phone has no page wider than itself",
    async () => {
      for (const dark of [false, true]) {
        await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
        await page.setViewportSize({ width: dark ? 375 : 1280, height: 800 });
        for (
          const [tab, shown] of [
            ["params", ".grid-cell"],
            ["env", ".grid-cell"],
            ["metrics", ".grid-cell.best"],
            ["parallel", ".run-line"],
            ["scatter", ".scatter circle"],
            ["best", ".winner"],
          ] as const
        ) {
          await web.goto(`#/compare/${tab}?${all}&base=${id("b")}`);
          await page.locator(shown).first().waitFor();
          assertEquals(await seriousFaults(page), [], tab);
          const wide = await page.evaluate(() =>
            (document.getElementById("main")?.scrollWidth ?? 0) - innerWidth
          );
          assertEquals(wide <= 0, true, `${tab} is ${wide} px too wide`);
        }
      }
    },
  );

  assertEquals(web.problems, []);
});
