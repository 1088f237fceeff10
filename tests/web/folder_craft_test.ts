import { assert, assertEquals } from "@std/assert";
import type { AIStoreNode } from "../../src/aistore/protocol.ts";
import { seriousFaults } from "./support/axe.ts";
import { openPages } from "./support/pages.ts";
import { Maker } from "./support/runs.ts";

const HOSTILE = `<img src=x onerror="alert(1)">&"'`;
const LONG = "long ".repeat(40_000);

Deno.test("a folder of many rows is of use to everybody, whatever stands in it", async (t) => {
  await using web = await openPages();
  const { page } = web;
  const maker = new Maker(web);
  const folder = await maker.make("many");
  const name = (index: number) => `row-${String(index).padStart(3, "0")}`;
  for (let from = 0; from < 300; from += 20) {
    await Promise.all(Array.from(
      { length: 20 },
      (_, i) => maker.make(`many/${name(from + i)}`, "Artifact"),
    ));
  }
  const made = await maker.make(`many/${HOSTILE.replaceAll("/", "")}`, "Run", {
    labels: [HOSTILE, "ends \u202e here"],
  });
  await maker.ask("PUT", "nodes", { node: made.id, description: LONG });
  await maker.put(
    `${made.path}/hyperparameters.yaml`,
    `${JSON.stringify(HOSTILE)}: ${JSON.stringify(HOSTILE)}\nlr: 1\n`,
  );
  const table = page.getByRole("table", { name: "Entries of many" });

  await t.step(
    "only what is seen is drawn, and the rest when it is scrolled to",
    async () => {
      await web.goto(`#/folders/${folder.id}/`);
      await page.getByRole("link", { name: name(0), exact: true }).waitFor();
      assertEquals(await table.getAttribute("aria-rowcount"), "302");
      assert(await page.locator(".vtable-body [role=row]").count() < 60);
      await table.evaluate((element) =>
        element.scrollTop = element.scrollHeight
      );
      await page.getByRole("link", { name: name(299) }).waitFor();
      const last = page.getByRole("row").filter({ hasText: name(299) });
      assertEquals(await last.getAttribute("aria-rowindex"), "302");
      assertEquals(
        await page.getByRole("link", { name: name(0), exact: true }).count(),
        0,
      );
    },
  );

  await t.step("what changes does not move what one looks at", async () => {
    const before = await table.evaluate((element) => element.scrollTop);
    const { id } = await maker.ask<AIStoreNode>(
      "GET",
      `nodes/info?node=/demo/many/${name(298)}`,
    );
    await maker.ask("PUT", "nodes", { node: id, labels: ["fresh"] });
    await page.getByRole("row").filter({ hasText: name(298) })
      .getByText("fresh").waitFor();
    assertEquals(await table.evaluate((element) => element.scrollTop), before);
  });

  await t.step(
    "the keys lead from row to row, and through the tree",
    async () => {
      const link = page.getByRole("link", { name: name(299) });
      await link.focus();
      for (let i = 0; i < 40; i++) await page.keyboard.press("ArrowUp");
      const focused = () =>
        page.evaluate<string>("document.activeElement.textContent");
      assertEquals(await focused(), name(259));
      await page.getByRole("treeitem", { name: "demo" }).focus();
      await page.keyboard.press("ArrowDown");
      assertEquals(await focused(), "many");
      await page.keyboard.press("ArrowLeft");
      assertEquals(await focused(), "demo");
      await page.keyboard.press("ArrowLeft");
      await page.getByRole("treeitem", { name: "many" })
        .waitFor({ state: "detached" });
      await page.keyboard.press("ArrowRight");
      await page.getByRole("treeitem", { name: "many" }).waitFor();
      await page.keyboard.press("m");
      await page.keyboard.press("Enter");
      await page.waitForURL(`**/folders/${folder.id}/`);
    },
  );

  await t.step("what users wrote is text", async () => {
    await web.goto(
      `#/folders/${folder.id}/?type=Run&col=labels&col=description&col=hparams.${
        encodeURIComponent(HOSTILE)
      }`,
    );
    const row = page.getByRole("row").filter({ hasText: "onerror" }).nth(1);
    await row.getByRole("cell").nth(2).getByText(HOSTILE).waitFor();
    assertEquals(await page.locator("img[src=x]").count(), 0);
    assertEquals(
      await row.locator(".user-text").first().evaluate((element) =>
        getComputedStyle(element).unicodeBidi
      ),
      "isolate",
    );
    await page.getByRole("button", { name: `Actions of ${made.name}` }).click();
    await page.getByRole("menuitem", { name: "Labels…" }).click();
    await page.getByRole("button", { name: `Remove label ${HOSTILE}` })
      .waitFor();
    await page.keyboard.press("Escape");
  });

  await t.step("no serious fault for people who cannot see it", async () => {
    for (const theme of ["light", "dark"]) {
      await page.evaluate(
        (theme) => localStorage.setItem("em.theme", JSON.stringify(theme)),
        theme,
      );
      await page.reload();
      await page.getByRole("checkbox", { name: "Select all" }).click();
      await page.getByText("1 selected").waitFor();
      assertEquals(await seriousFaults(page, "body"), [], theme);
      for (const action of ["Move", "Share", "Labels…", "Create shortcut"]) {
        await page.getByRole("button", { name: "Actions of many" }).click();
        const item = page.getByRole("menuitem", { name: action });
        if (await item.count() === 0) {
          await page.keyboard.press("Escape");
          continue;
        }
        await item.click();
        await page.getByRole("dialog").waitFor();
        assertEquals(await seriousFaults(page, "body"), [], action);
        await page.keyboard.press("Escape");
      }
      await page.getByRole("button", { name: "Columns" }).click();
      assertEquals(await seriousFaults(page, "body"), [], "columns");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Clear" }).click();
    }
  });

  await t.step(
    "on a phone the names stay in sight, and only the table goes sideways",
    async () => {
      await page.setViewportSize({ width: 375, height: 700 });
      await web.goto(`#/folders/${folder.id}/?type=Run`);
      await page.reload();
      const link = page.getByRole("rowheader").getByRole("link").first();
      await link.waitFor();
      await table.evaluate((element) =>
        element.scrollLeft = element.scrollWidth
      );
      await page.getByRole("columnheader", { name: "Editor" }).waitFor();
      const box = await link.boundingBox();
      assert(
        box !== null && box.x >= 0 && box.x + box.width <= 375,
        `${box?.x}`,
      );
      assertEquals(
        await page.evaluate<boolean>(
          "document.scrollingElement.scrollWidth <= innerWidth && " +
            "document.getElementById('main').scrollWidth <= innerWidth",
        ),
        true,
      );
    },
  );
  assertEquals(web.problems, []);
});
