import { assert, assertEquals } from "@std/assert";
import { type Attempt, encodeAttempts } from "../../src/format/attempts.ts";
import {
  encodeRank,
  type RankDocument,
} from "../../src/format/rank_document.ts";
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
  await page.getByText("Resumed at step 2").waitFor();
  await page.getByRole("button", { name: "Time", exact: true }).click();
  await page.getByText("Resumed at step").waitFor({ state: "detached" });
  assertEquals(web.problems, []);
});

function rank(number: number, status: RankDocument["status"]): string {
  return encodeRank({
    rank: number,
    startTimestamp: "2026-11-23T08:00:00.000001+00:00",
    endTimestamp: status === "Running"
      ? null
      : "2026-11-23T08:05:00.000001+00:00",
    status,
    pid: 4711,
    hostname: `worker-${number}`,
  });
}

Deno.test("the page of a run tells which of its ranks live, and were killed when it has ended", async () => {
  await using web = await openPages();
  const { page, server } = web;
  const loss = (value: number) =>
    metricsText([{ values: { loss: value }, step: 1 }, {
      values: { loss: value / 2 },
      step: 2,
    }]);
  const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
  const run = await makeNode(server, {
    name: "ddp",
    type: "Run",
    files: {
      "metadata.yaml": metadataText("ddp", "Running"),
      "metrics/train.yaml": loss(1),
      "metrics/val.yaml": loss(1),
      ...Object.fromEntries(numbers.flatMap((number) => [
        [`ranks/${number}/metrics/train.yaml`, loss(number)],
        [
          `ranks/${number}/rank.yaml`,
          rank(number, number === 7 ? "Running" : "Complete"),
        ],
      ])),
    },
  });
  await web.goto(`#/folders/${run}/`);
  const ranks = page.locator(".ranks li");
  await ranks.filter({ hasText: /^7: Running · worker-7$/ }).waitFor();
  assertEquals(await ranks.count(), 6);
  await page.getByText("1 Running · 19 Complete").waitFor();
  await page.getByRole("button", { name: "Show all 20" }).click();
  await ranks.nth(19).waitFor();
  assertEquals(
    await ranks.nth(1).innerText(),
    "1: Complete · 5 m 0 s · worker-1",
  );
  assertEquals(await seriousFaults(page), []);
  // Nobody has reloaded the page.
  await server.client.putObject(
    "/demo/ddp/metadata.yaml",
    new TextEncoder().encode(metadataText("ddp", "Complete")),
  );
  await ranks.filter({ hasText: /^7: Killed · worker-7$/ }).waitFor();
  await server.client.putObject(
    "/demo/ddp/ranks/7/rank.yaml",
    new TextEncoder().encode(rank(7, "Error")),
  );
  await ranks.filter({ hasText: /^7: Error · 5 m 0 s · worker-7$/ }).waitFor();

  await web.goto(`#/folders/${run}/metrics`);
  const entries = page.locator(".chart-legend li");
  await entries.filter({ hasText: "train@rank10" }).first().waitFor();
  assertEquals(await page.locator(".chart").count(), 1);
  assertEquals(
    await page.locator(".chart-box").getAttribute("data-lines"),
    "22",
  );
  const names = async () =>
    (await entries.allInnerTexts()).map((text) => text.split(/\s/)[0]);
  assertEquals((await names()).slice(0, 3), ["train", "val", "train@rank1"]);
  assertEquals(await entries.count(), 13);
  await page.getByRole("button", { name: "Show all 22" }).click();
  await entries.nth(22).waitFor();
  assertEquals((await names()).at(-2), "train@rank20");
  assertEquals(await seriousFaults(page), []);
  assertEquals(web.problems, []);
});
