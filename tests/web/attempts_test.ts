import { assert, assertEquals } from "@std/assert";
import { type Attempt, encodeAttempts } from "../../src/format/attempts.ts";
import { seriousFaults } from "./support/axe.ts";
import { makeNode } from "./support/node_files.ts";
import { openPages } from "./support/pages.ts";
import { metadataText, metricsText } from "../server/metrics/support.ts";

function attempt(number: number, files: Attempt["files"]): Attempt {
  const isLast = number === 3;
  return {
    attempt: number,
    startTimestamp: `2026-11-23T0${7 + number}:00:00.000001+00:00`,
    endTimestamp: isLast
      ? null
      : `2026-11-23T0${7 + number}:05:00.000001+00:00`,
    status: isLast ? "Running" : "Killed",
    pid: 4711,
    hostname: `worker-${number}`,
    resumes: number > 1,
    files,
  };
}

Deno.test("a run that was resumed shows its attempts, and one of several ranks a curve of each", async () => {
  await using web = await openPages();
  const { page, server } = web;
  const part = (steps: readonly number[], loss: number) =>
    metricsText(steps.map((step) => ({ values: { loss }, step })));
  const first = part([1, 2, 3], 3);
  const run = await makeNode(server, {
    name: "resumed",
    type: "Run",
    files: {
      "metadata.yaml": metadataText("resumed", "Running"),
      "attempts.yaml": encodeAttempts([
        attempt(1, {}),
        attempt(2, { "metrics/train.yaml": first.length }),
        attempt(3, { "metrics/train.yaml": first.length }),
      ]),
      "metrics/train.yaml": first + part([2, 3], 1),
      "ranks/1/metrics/train.yaml": part([1, 2], 2),
    },
  });
  await web.goto(`#/folders/${run}/`);
  const attempts = page.locator(".attempts li");
  await attempts.nth(2).waitFor();
  const texts = await attempts.allInnerTexts();
  assertEquals(texts.map((text) => text.split("\n")[0]), [
    "3. Running",
    "2. Killed · 5 m 0 s",
    "1. Killed · 5 m 0 s",
  ]);
  assert(texts[0]?.includes("worker-3"), texts[0]);
  const main = page.getByRole("row", { name: "train/loss" });
  assertEquals((await main.innerText()).split(/\s+/).slice(0, 4), [
    "train/loss",
    "1",
    "1",
    "3",
  ]);
  const rank = page.getByRole("row", { name: "train@rank1/loss" });
  assertEquals((await rank.innerText()).split(/\s+/).slice(0, 4), [
    "train@rank1/loss",
    "2",
    "2",
    "2",
  ]);
  assertEquals(await seriousFaults(page), []);

  await web.goto(`#/folders/${run}/metrics`);
  const legend = page.locator(".chart-legend").first();
  await legend.getByText("train@rank1").waitFor();
  assertEquals(await page.locator(".chart-legend").count(), 1);
  assertEquals(web.problems, []);
});
