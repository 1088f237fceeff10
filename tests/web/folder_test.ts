import { assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { openPages } from "./support/pages.ts";
import { Maker } from "./support/runs.ts";

/** The names in a folder's table, from top to bottom. */
function names(page: Page): Promise<string[]> {
  return page.getByRole("rowheader").locator("a").allInnerTexts();
}

/** Waits until a table has these rows, and no others. */
async function untilNames(page: Page, wanted: readonly string[]) {
  await page.waitForFunction((wanted) => {
    const links = [...document.querySelectorAll("[role=rowheader] a")];
    return JSON.stringify(links.map((each) => each.textContent)) === wanted;
  }, JSON.stringify(wanted)).catch(async (error) => {
    assertEquals(await names(page), wanted, `${error}`);
  });
}

const header = (page: Page, name: string) =>
  page.getByRole("columnheader").filter({ hasText: name });

/** What the address asks for. */
function params(page: Page): URLSearchParams {
  return new URLSearchParams(page.url().split("?")[1] ?? "");
}

Deno.test("a folder is a table that is sorted, filtered and compared from", async (t) => {
  await using web = await openPages();
  const { page } = web;
  const maker = new Maker(web);
  const folder = await maker.make("cv");
  await maker.make("cv/old");
  const made = [
    { name: "a", lr: 0.1, accuracy: [0.1, 0.5], labels: ["base"] },
    { name: "b", lr: 0.01, accuracy: [0.2, 0.9], labels: ["base", "gpu"] },
    { name: "c", lr: 0.001, accuracy: [0.3, 0.7], status: "Error" },
    { name: "d", lr: 0.005, accuracy: [0.1, 0.8], status: "Running" },
  ];
  const ids = new Map<string, string>();
  for (const { name, lr, ...rest } of made) {
    const hparams = { lr, seed: 1 };
    const { id } = await maker.run("cv", { name, hparams, ...rest });
    ids.set(name, id);
  }
  await web.goto(`#/folders/${folder.id}/`);

  await t.step(
    "folders first, then by name; what varies is a column",
    async () => {
      await untilNames(page, ["old", "a", "b", "c", "d"]);
      await header(page, "lr").waitFor();
      await header(page, "val/accuracy").waitFor();
      assertEquals(await header(page, "seed").count(), 0);
      const table = page.getByRole("table", { name: "Entries of cv" });
      assertEquals(await table.getAttribute("aria-rowcount"), "6");
      const row = page.getByRole("row").filter({ hasText: "b" });
      await row.getByText("0.01", { exact: true }).waitFor();
      await row.locator(".best", { hasText: "0.9" }).waitFor();
    },
  );

  await t.step("sorted by a column, and back", async () => {
    const sort = header(page, "lr").getByRole("button");
    await sort.click();
    await untilNames(page, ["c", "d", "b", "a", "old"]);
    assertEquals(
      await header(page, "lr").getAttribute("aria-sort"),
      "ascending",
    );
    await sort.click();
    await untilNames(page, ["a", "b", "d", "c", "old"]);
    assertEquals(params(page).get("sort"), "-hparams.lr");
    await page.reload();
    await untilNames(page, ["a", "b", "d", "c", "old"]);
    await sort.click();
    await untilNames(page, ["old", "a", "b", "c", "d"]);
  });

  await t.step(
    "a condition, with names completed while it is typed",
    async () => {
      const input = page.getByRole("combobox", { name: "Condition" });
      await input.pressSequentially("lr < 0.05 and acc");
      await page.getByRole("option", { name: "val/accuracy" }).waitFor();
      await input.press("Enter");
      assertEquals(await input.inputValue(), "lr < 0.05 and val/accuracy ");
      await input.pressSequentially("> 0.75");
      await untilNames(page, ["b", "d"]);
      assertEquals(
        params(page).get("filter"),
        "lr < 0.05 and val/accuracy > 0.75",
      );
    },
  );

  await t.step(
    "a wrong condition is said at the input, and what was there stays",
    async () => {
      const input = page.getByRole("combobox", { name: "Condition" });
      await input.fill("lr <");
      await page.getByRole("alert").filter({ hasText: "at character 5" })
        .waitFor();
      assertEquals(await input.getAttribute("aria-invalid"), "true");
      assertEquals(await names(page), ["b", "d"]);
      // The place is the one in what was typed, also with more filters than that.
      await page.getByRole("button", { name: "Complete", exact: true }).click();
      await page.getByRole("alert").filter({ hasText: "at character 5" })
        .waitFor();
      await input.fill("momentum > 1");
      await page.getByText("Nothing here has: momentum").waitFor();
      await page.getByText("Nothing fits").waitFor();
      await page.getByRole("button", { name: "Show everything" }).click();
      await untilNames(page, ["old", "a", "b", "c", "d"]);
      assertEquals(params(page).size, 0);
    },
  );

  await t.step("filters at a press, and search", async () => {
    await page.getByRole("button", { name: "Error", exact: true }).click();
    await untilNames(page, ["c"]);
    await page.getByRole("button", { name: "Complete", exact: true }).click();
    await untilNames(page, ["a", "b", "c"]);
    await page.getByRole("button", { name: "With label" }).click();
    await page.getByRole("menuitem", { name: "gpu" }).click();
    await untilNames(page, ["b"]);
    await page.getByTitle("No longer only “gpu”").click();
    await page.getByRole("button", { name: "Error", exact: true }).click();
    await page.getByRole("button", { name: "Complete", exact: true }).click();
    await page.getByRole("searchbox", { name: "Search" }).fill("lr=0.005");
    await untilNames(page, ["d"]);
    await page.getByRole("searchbox", { name: "Search" }).fill("");
    await untilNames(page, ["old", "a", "b", "c", "d"]);
  });

  await t.step(
    "columns are chosen, ordered, made wider, and remembered",
    async () => {
      await page.getByRole("button", { name: "Columns" }).click();
      const dialog = page.getByRole("dialog", { name: "Columns" });
      await dialog.getByRole("searchbox").fill("accuracy");
      await dialog.getByRole("group", { name: "Statistic of val/accuracy" })
        .getByRole("button", { name: "max" }).click();
      await dialog.getByRole("searchbox").fill("seed");
      await dialog.getByRole("checkbox", { name: "seed" }).check();
      await dialog.getByRole("button", { name: "Hide Editor" }).click();
      await dialog.getByRole("button", { name: "Move seed up" }).click();
      await page.keyboard.press("Escape");
      const wanted = [
        "name",
        "status",
        "hparams.lr",
        "metrics.val/accuracy.last",
        "started",
        "duration",
        "labels",
        "modified",
        "hparams.seed",
        "metrics.val/accuracy.max",
      ];
      assertEquals(params(page).getAll("col"), wanted);
      const grip = page.getByRole("separator", { name: "Width of lr" });
      await grip.focus();
      await grip.press("ArrowRight");
      assertMatch(params(page).getAll("col")[2] ?? "", /^hparams\.lr~\d+$/);
      const sort = header(page, "lr").getByRole("button");
      await sort.press("Shift+ArrowLeft");
      assertEquals(params(page).getAll("col")[2], "status");
      await header(page, "Status").dragTo(header(page, "lr"));
      assertEquals(params(page).getAll("col")[1], "status");
      const chosen = params(page).getAll("col");
      await web.goto("#/");
      await page.getByRole("heading", { name: "demo" }).waitFor();
      await web.goto(`#/folders/${folder.id}/`);
      await header(page, "lr").waitFor();
      await page.waitForURL(/col=/);
      assertEquals(params(page).getAll("col"), chosen);
      await page.getByRole("button", { name: "Columns" }).click();
      await page.getByRole("button", { name: "Automatic columns" }).click();
      await page.keyboard.press("Escape");
      await page.waitForURL((url) => !url.href.includes("col="));
    },
  );

  await t.step(
    "rows are ticked, also in other folders, and compared",
    async () => {
      const tick = (name: string) =>
        page.getByRole("checkbox", { name: `Select ${name}`, exact: true });
      await tick("a").click();
      await tick("c").click({ modifiers: ["Shift"] });
      await page.getByText("3 selected").waitFor();
      await maker.run("cv/old", { name: "z" });
      await page.getByRole("rowheader").getByRole("link", { name: "old" })
        .click();
      await untilNames(page, ["z"]);
      await tick("z").click();
      await page.getByText("1 selected").waitFor();
      await page.getByRole("button", { name: "Compare (4)" }).click();
      const basket = page.getByRole("dialog", { name: "Runs to compare" });
      await basket.getByRole("button", { name: "Remove b" }).click();
      const href = await basket.getByRole("link", { name: "Compare" })
        .getAttribute("href");
      const { id: z } = await maker.ask<{ id: string }>(
        "GET",
        "nodes/info?node=/demo/cv/old/z",
      );
      assertEquals(
        new URLSearchParams(href?.split("?")[1]).getAll("run"),
        [ids.get("a"), ids.get("c"), z],
      );
      await basket.getByRole("button", { name: "Clear all" }).click();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Compare (4)" }).waitFor({
        state: "detached",
      });
    },
  );

  await t.step("everything below, with where it is", async () => {
    await web.goto(`#/folders/${folder.id}/`);
    await page.getByLabel("Include everything below").check();
    await untilNames(page, ["old", "a", "b", "c", "d", "z"]);
    await page.getByRole("cell", { name: "/demo/cv/old", exact: true })
      .waitFor();
    await page.getByRole("checkbox", { name: "Select all" }).click();
    await page.getByText("6 selected").waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
  });
  // The refused conditions are failed requests, which browsers note.
  const refused = web.problems.filter((text) => !text.includes("400"));
  assertEquals(refused, []);
});
