import { assertEquals } from "@std/assert";
import { createRun, login, logout } from "../../mod.ts";
import { parentDirs } from "../support/parent_dirs.ts";
import { openPages } from "../web/support/pages.ts";
import { Maker } from "../web/support/runs.ts";

Deno.test("a run appears in a folder while it runs, and ends in sight", async () => {
  await using web = await openPages();
  const { page, server } = web;
  using _dirs = parentDirs();
  const maker = new Maker(web);
  const folder = await maker.make("live");
  await web.goto(`#/folders/${folder.id}/`);
  await page.getByText("This folder is empty").waitFor();
  await page.getByText('folder: "live"').waitFor();
  await login({ host: server.url, apiKey: server.apiKey });
  const run = await createRun({
    name: "first",
    hparams: { lr: 0.01 },
    autoUpload: true,
    folder: "live",
  });
  run.log("train", { loss: 0.75 }, { step: 1 });
  const row = page.getByRole("row").filter({ hasText: "first" });
  await row.getByText("Running").waitFor();
  await row.getByText("0.75", { exact: true }).waitFor();
  await row.getByText(/^(\d+(\.0)? s|\d+ m \d+ s)$/).waitFor();
  const element = await row.elementHandle();
  run.log("train", { loss: 0.25 }, { step: 2 });
  await row.getByText("0.25", { exact: true }).waitFor();
  await run.finish();
  await row.getByText("Complete").waitFor();
  assertEquals(
    await element?.evaluate((each) => each.isConnected),
    true,
    "the row was not made anew",
  );
  await maker.ask("DELETE", "nodes", { node: folder.id });
  await page.getByText("There is nothing here").waitFor();
  logout();
  // The folder that is gone is a failed request, which browsers note.
  assertEquals(web.problems.filter((text) => !text.includes("404")), []);
});
