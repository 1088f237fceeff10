import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import type { AIStoreNode } from "../../src/aistore/protocol.ts";
import { Admin } from "../../src/server/admin.ts";
import { openPages } from "./support/pages.ts";
import { Maker } from "./support/runs.ts";

/** Opens the menu of a node and chooses something. */
async function act(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions of ${name}`, exact: true })
    .first().click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

/** Makes a user, and answers with a key of theirs. */
function addUser(dataDir: string, name: string): string {
  using admin = new Admin(dataDir);
  admin.users.add(name);
  return admin.keys.add(name).apiKey;
}

/** Takes back what a message says was done. */
async function undo(page: Page, message: string): Promise<void> {
  await page.locator(".toast", { hasText: message })
    .getByRole("button", { name: "Undo" }).click();
}

const row = (page: Page, name: string) =>
  page.getByRole("row").filter({
    has: page.getByRole("link", { name, exact: true }),
  });

const info = (maker: Maker, node: string) =>
  maker.ask<AIStoreNode>("GET", `nodes/info?node=${encodeURIComponent(node)}`);

Deno.test("what can be done with nodes is done, and undone", async (t) => {
  await using web = await openPages();
  const { page, server } = web;
  const maker = new Maker(web);
  addUser(server.dataDir, "ann");
  const folder = await maker.make("lab");
  const node = await maker.run("lab", { name: "first", labels: ["x"] });
  await maker.run("lab", { name: "second", labels: ["x", "y"] });
  await web.goto(`#/folders/${folder.id}/`);
  await row(page, "first").waitFor();

  await t.step("a folder is made, and is in the tree", async () => {
    await page.getByRole("button", { name: "New folder" }).click();
    const dialog = page.getByRole("dialog", { name: "New folder" });
    await dialog.getByLabel("Name").fill("first");
    await dialog.getByLabel("Another label").fill("kept");
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog.getByRole("alert").filter({ hasText: "first" }).waitFor();
    await dialog.getByLabel("Name").fill("done");
    await dialog.getByRole("button", { name: "Create" }).click();
    await row(page, "done").getByText("kept").waitFor();
    await page.getByRole("treeitem", { name: "lab" }).press("ArrowRight");
    await page.getByRole("treeitem", { name: "done" }).waitFor();
  });

  await t.step("a node is renamed and described", async () => {
    await act(page, "first", "Rename");
    await page.getByLabel("Name", { exact: true }).fill("the one");
    await page.getByRole("button", { name: "Rename" }).click();
    await row(page, "the one").waitFor();
    await act(page, "the one", "Description…");
    await page.getByLabel("Description").fill("<b>bold</b>\n\u202etxt");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assertEquals(
      await page.evaluate<string>(
        "document.activeElement.getAttribute('aria-label')",
      ),
      "Actions of the one",
      "the focus is back where it was",
    );
    const { name, description } = await info(maker, node.id);
    assertEquals([name, description], ["the one", "<b>bold</b>\n\u202etxt"]);
  });

  await t.step(
    "labels of several nodes change together, the others stay",
    async () => {
      for (const name of ["the one", "second"]) {
        await page.getByRole("checkbox", { name: `Select ${name}` }).click();
      }
      await page.getByRole("button", { name: "Labels", exact: true }).first()
        .click();
      const dialog = page.getByRole("dialog", { name: "Labels of 2 entries" });
      await dialog.getByRole("button", { name: "Remove label x" }).click();
      await dialog.getByLabel("Another label").fill("z");
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.waitFor({ state: "detached" });
      assertEquals((await info(maker, node.id)).labels, ["z"]);
      assertEquals((await info(maker, "/demo/lab/second")).labels, ["y", "z"]);
      await page.getByRole("button", { name: "Clear" }).click();
    },
  );

  await t.step("a node is moved into a folder", async () => {
    await act(page, "second", "Move");
    const dialog = page.getByRole("dialog", { name: "Move “second”" });
    await dialog.getByRole("radio", { name: "lab", exact: true }).check();
    assertEquals(
      await dialog.getByRole("button", { name: "Move to" }).isDisabled(),
      true,
      "it is there already",
    );
    await dialog.getByRole("radio", { name: "done" }).check();
    await dialog.getByRole("button", { name: "Move to “done”" }).click();
    await row(page, "second").waitFor({ state: "detached" });
    assertEquals((await info(maker, "/demo/lab/done/second")).type, "Run");
  });

  await t.step("what was moved is back at a press", async () => {
    await undo(page, "Moved to “done”");
    await page.getByText("Moved back").waitFor();
    await row(page, "second").waitFor();
    assertEquals((await info(maker, "/demo/lab/second")).type, "Run");

    // A run and then the folder that it was in: both go back to where they were.
    const inner = await maker.make("lab/inner");
    const deep = await maker.run("lab/inner", { name: "deep" });
    await web.goto(`#/folders/${inner.id}/`);
    await page.getByRole("checkbox", { name: "Select deep" }).click();
    await web.goto(`#/folders/${folder.id}/`);
    await page.getByRole("checkbox", { name: "Select inner" }).click();
    await page.getByRole("button", { name: "Move", exact: true }).first()
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "done" }).check();
    await dialog.getByRole("button", { name: "Move to “done”" }).click();
    await row(page, "inner").waitFor({ state: "detached" });
    await undo(page, "Moved to “done”");
    await row(page, "inner").waitFor();
    assertEquals((await info(maker, deep.id)).path, "/demo/lab/inner/deep");

    await act(page, "second", "Move");
    await dialog.getByRole("radio", { name: "done" }).check();
    await dialog.getByRole("button", { name: "Move to “done”" }).click();
    await row(page, "second").waitFor({ state: "detached" });
  });

  await t.step(
    "a shortcut leads to its target, or says that it is gone",
    async () => {
      await act(page, "the one", "Create shortcut");
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Name", { exact: true }).fill("short");
      await dialog.getByRole("radio", { name: "demo" }).check();
      await dialog.getByRole("button", { name: "Create in “demo”" }).click();
      await page.getByText("A shortcut is in “demo”").waitFor();
      const { id } = await info(maker, "/demo/short");
      await web.goto(`#/folders/${id}/`);
      await page.waitForURL(`**/folders/${node.id}/`);
      const lost = await maker.make("lost", "Shortcut", {
        extra: JSON.stringify({ target: (await maker.make("other")).id }),
      });
      await maker.ask("DELETE", "nodes", { node: "/demo/other" });
      await web.goto(`#/folders/${lost.id}/`);
      await page.getByText("What this shortcut leads to is not there")
        .waitFor();
      await maker.ask("POST", "trash/restore", {
        id: JSON.parse(lost.extra).target,
      });
      await web.goto(`#/folders/${folder.id}/`);
    },
  );

  await t.step("what is deleted is back at a press", async () => {
    await act(page, "the one", "Delete");
    await row(page, "the one").waitFor({ state: "detached" });
    await undo(page, "“the one” is in the trash");
    await row(page, "the one").waitFor();
  });

  await t.step(
    "what is shown is deleted: the folder that it was in is shown",
    async () => {
      await page.getByRole("link", { name: "done" }).first().click();
      await page.getByRole("heading", { name: "done" }).waitFor();
      await act(page, "done", "Delete");
      await page.getByRole("heading", { name: "lab" }).waitFor();
      await page.getByRole("treeitem", { name: "done" }).waitFor({
        state: "detached",
      });
    },
  );

  await t.step("the trash restores and deletes for good", async () => {
    await page.getByRole("link", { name: "Trash" }).click();
    const done = page.getByRole("row").filter({ hasText: "done" });
    await done.getByText("/demo/lab").waitFor();
    await done.getByRole("button", { name: "Restore" }).click();
    await page.getByText("The trash is empty").waitFor();
    assertEquals((await info(maker, "/demo/lab/done/second")).type, "Run");
    await maker.ask("DELETE", "nodes", { node: "/demo/lab/done" });
    await page.reload();
    await done.getByRole("button", { name: "Delete for good" }).click();
    const dialog = page.getByRole("dialog", {
      name: "Delete “done” for good?",
    });
    await dialog.getByText("2 nodes").waitFor();
    await dialog.getByRole("button", { name: "Delete for good" }).click();
    await page.getByText("The trash is empty").waitFor();
  });

  await t.step("a node is shared with a user and with everyone", async () => {
    await web.goto(`#/folders/${folder.id}/`);
    await act(page, "lab", "Share");
    const dialog = page.getByRole("dialog", { name: "Share “lab”" });
    await dialog.getByText("Shared with nobody").waitFor();
    await dialog.getByRole("button", { name: "Add member" }).click();
    await dialog.getByLabel("Name of the user").fill("nobody");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("alert").filter({ hasText: "nobody" }).waitFor();
    await dialog.getByLabel("Name of the user").fill("ann");
    await dialog.getByLabel("May").selectOption("edit");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await act(page, "the one", "Share");
    const below = page.getByRole("dialog", { name: "Share “the one”" });
    await below.getByText("From /demo/lab").waitFor();
    await below.getByRole("button", { name: "Add member" }).click();
    await below.getByLabel("Member").selectOption("everyone");
    await below.getByRole("button", { name: "Save" }).click();
    await below.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Shared with everyone" }).click();
    await row(page, "the one").getByText("own").waitFor();
  });
  assertEquals(web.problems.filter((text) => !/40[04]/.test(text)), []);
});

Deno.test("nothing is offered that would be refused", async (t) => {
  await using web = await openPages();
  const { page, server } = web;
  const maker = new Maker(web);
  const annKey = addUser(server.dataDir, "ann");
  await maker.ask("POST", "nodes", {
    parent: "/ann",
    name: "hers",
    type: "Folder",
  }, annKey);
  await maker.ask("POST", "nodes", {
    parent: "/ann/hers",
    name: "deep",
    type: "Folder",
  }, annKey);
  const share = (node: string, permission: string) =>
    maker.ask(
      "POST",
      "nodes/shares",
      { node, user: "demo", permission },
      annKey,
    );
  const offered = async (name: string): Promise<string[]> => {
    await page.getByRole("button", { name: `Actions of ${name}`, exact: true })
      .first().click();
    const items = await page.getByRole("menuitem").allInnerTexts();
    await page.keyboard.press("Escape");
    return items.map((item) => item.trim());
  };

  await t.step(
    "of a folder that may be edited, while the one it is in may not",
    async () => {
      await share("/ann/hers", "edit");
      await web.goto("#/shared");
      await row(page, "hers").waitFor();
      assertEquals(await offered("hers"), [
        "New folder",
        "Rename",
        "Labels…",
        "Description…",
        "Create shortcut",
        "Copy link",
      ]);
      await page.getByRole("link", { name: "hers" }).click();
      await row(page, "deep").waitFor();
      // What may be done with it is known once its folder was looked at.
      await page.getByRole("button", { name: "Actions of deep", exact: true })
        .first().click();
      await page.getByRole("menuitem", { name: "Delete" }).waitFor();
      await page.keyboard.press("Escape");
    },
  );

  await t.step("of a folder that may be viewed", async () => {
    await share("/ann/hers", "view");
    await page.reload();
    await row(page, "deep").waitFor();
    assertEquals(await offered("deep"), ["Create shortcut", "Copy link"]);
    assertEquals(
      await page.getByRole("button", { name: "New folder" }).count(),
      0,
    );
    await page.getByRole("checkbox", { name: "Select deep" }).click();
    await page.getByText("1 selected").waitFor();
    assertEquals(await page.getByRole("button", { name: "Move" }).count(), 0);
  });

  await t.step("where nothing can be changed", async () => {
    await maker.make("own");
    await page.route(
      "**/web/session",
      (route) => route.fulfill({ json: { user: "demo", readOnly: true } }),
    );
    await web.goto("#/");
    await page.reload();
    await row(page, "own").waitFor();
    assertEquals(await offered("own"), ["Copy link"]);
    assertEquals(
      await page.getByRole("button", { name: "New folder" }).count(),
      0,
    );
    await page.getByRole("checkbox", { name: "Select own" }).click();
    assertEquals(await page.getByRole("button", { name: "Delete" }).count(), 0);
  });
  assertEquals(web.problems.filter((text) => !text.includes("403")), []);
});
