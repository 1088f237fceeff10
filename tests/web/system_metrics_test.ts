import { assertEquals } from "@std/assert";
import { writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";
import { makeNode } from "./support/node_files.ts";
import { openPages } from "./support/pages.ts";

Deno.test("the page of a run shows system metrics in a group that can be closed, and keeps them out of its overview", async () => {
  using dir = tempDir();
  await using web = await openPages();
  const { page, server } = web;
  const files = writeRun(dir.path, {
    metrics: {
      train: { loss: [2, 1] },
      system: { cpu_percent: [10, 20], gpu_0_power_watts: [200.5, 210.25] },
    },
  });
  const id = await makeNode(server, { name: "loaded", type: "Run", files });
  await web.goto(`#/folders/${id}/`);
  await page.getByRole("row", { name: "train/loss" }).waitFor();
  assertEquals(await page.getByRole("row", { name: "system/" }).count(), 0);
  await page.getByRole("link", { name: "All 3 metrics" }).click();
  const group = page.getByRole("button", { name: "system 2 charts" });
  await group.waitFor();
  const chart = page.getByRole("heading", { name: "gpu_0_power_watts" });
  await chart.waitFor();
  await page.getByText("210.25 W", { exact: true }).waitFor();
  await page.getByText("20%", { exact: true }).waitFor();
  await group.click();
  await chart.waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "loss" }).waitFor();
});
