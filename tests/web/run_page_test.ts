import { assert, assertEquals } from "@std/assert";
import { startLive } from "../support/live_script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { seriousFaults } from "./support/axe.ts";
import { fixtureDir, makeNode } from "./support/node_files.ts";
import { openPages } from "./support/pages.ts";

Deno.test("a run of the Python SDK shows its facts, metrics, hyperparameters, git and raw documents", async () => {
  await using web = await openPages();
  const { page, server } = web;
  const text = (selector: string) => page.locator(selector).innerText();
  const hparams = await makeNode(server, {
    name: "hparams",
    type: "Run",
    labels: ["CNN"],
    description: "first line\nsecond line",
    files: fixtureDir("c02_hparams/runs", "hparams"),
  });
  const torn = await makeNode(server, {
    name: "torn",
    type: "Run",
    files: fixtureDir("c22_torn_metrics/runs", "torn"),
  });
  const git = await makeNode(server, {
    name: "git",
    type: "Run",
    files: fixtureDir("c16_git_repo_clean/runs", "in-git"),
  });

  await web.goto(`#/folders/${torn}/`);
  await page.getByRole("heading", { name: "Problems in its files" }).waitFor();
  assert((await text(".problems")).includes("metrics/train.yaml"));
  const loss = page.getByRole("row", { name: "train/loss" });
  assertEquals(
    (await loss.innerText()).split(/\s+/),
    ["train/loss", "0.25", "0.25", "1", "0.52083", "4", "–"],
  );
  await loss.locator(".spark path").waitFor();
  await page.getByText("torn_261123_084324_opfvnn").waitFor();
  assertEquals(await seriousFaults(page), []);

  await web.goto(`#/folders/${hparams}/hparams`);
  const row = (key: string) =>
    page.getByRole("row").filter({
      has: page.getByRole("rowheader", { name: key, exact: true }),
    });
  assertEquals(
    (await row("huge_int").innerText()).split(/\s+/),
    ["huge_int", "1000000000000000000000000000000", "number"],
  );
  assert((await row("nan").innerText()).includes("number"));
  await page.getByLabel("Search keys and values").fill("huge");
  await page.getByRole("row").nth(2).waitFor({ state: "detached" });
  assert(page.url().endsWith("hparams?q=huge"), page.url());
  await page.getByLabel("Search keys and values").fill("");
  assertEquals(await seriousFaults(page), []);

  await web.goto(`#/folders/${git}/git`);
  const commit = page.getByRole("link", { name: /^647e4239/ });
  assertEquals(
    await commit.getAttribute("href"),
    "https://git.example.com/demo/project/commit/647e4239b2e072f0124ea662a413168d35f80781",
  );
  assertEquals(await commit.getAttribute("rel"), "noreferrer");

  await web.goto(`#/folders/${git}/raw?doc=platform.yaml`);
  await page.getByText("hostname: worker-0").waitFor();
  await page.getByRole("button", { name: "Tree" }).click();
  await page.getByRole("rowheader", { name: "hostname" }).waitFor();
  assert(page.url().endsWith("&as=tree"), page.url());
  await server.client.putObject(
    "/demo/git/platform.yaml",
    new TextEncoder().encode("fine: 1\nlist: [broken\n"),
  );
  await page.getByText("This document cannot be read").waitFor();
  await page.locator(".text-line.current").waitFor();

  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitemradio", { name: "中文" }).click();
  await page.getByText("无法读取此文档").waitFor();
  assertEquals(await page.locator(".tabs > a").allInnerTexts(), [
    "概览",
    "指标",
    "超参数",
    "文件",
    "日志",
    "平台",
    "Git",
    "数据流",
    "原始元数据",
  ]);
  assertEquals(web.problems, []);
});

Deno.test("a run that is logging shows each change by itself: status, hyperparameters, metrics and log", async () => {
  await using web = await openPages();
  const { page, server } = web;
  using dir = tempDir();
  const script = startLive(
    `
    import { createArtifact } from "@t9k/em";
    const run = await createRun({
      name: "live", hparams: { lr: 0.1 }, autoUpload: true, folder: "live", makeFolder: true,
    });
    console.log("line one");
    run.log("train", { loss: 3 }, { step: 1 });
    await run.flush();
    say("READY");
    await told("more");
    run.hparams.lr = 0.25;
    run.markInput(await createArtifact({ name: "digits" }));
    run.markOutput(await createArtifact({ name: "model" }));
    run.log("train", { loss: 2 }, { step: 2 });
    console.log("line \\x1b[31mtwo\\x1b[0m");
    await run.flush();
    await told("end");
    await end(run);
    `,
    { dir: dir.path, config: server.config },
  );
  await script.heard("READY");
  const node = await server.client.node("/demo/live/live");
  await web.goto(`#/folders/${node?.id}/`);
  const facts = page.locator(".overview-side .facts").first();
  await facts.getByText("Running").waitFor();
  const duration = facts.locator("dt", { hasText: "Duration" })
    .locator("xpath=following-sibling::dd[1]");
  const first = await duration.innerText();
  await page.waitForFunction(
    ([selector, old]) =>
      [...document.querySelectorAll(selector ?? "")].some((each) =>
        each.previousElementSibling?.textContent === "Duration" &&
        each.textContent !== old
      ),
    [".overview-side dd", first],
  );
  await page.locator(".log-tail").getByText("line one").waitFor();
  const loss = page.getByRole("row", { name: "train/loss" });
  await loss.getByText("3", { exact: true }).first().waitFor();
  // What comes now comes by itself.
  await page.evaluate(() => {
    (globalThis as { stays?: boolean }).stays = true;
  });
  script.tell("more");
  await loss.locator("td.strong", { hasText: /^2$/ }).waitFor();
  await page.locator(".log-tail .ansi-red", { hasText: "two" }).waitFor();
  await page.locator(".overview-side").getByText("0.25").waitFor();
  script.tell("end");
  await facts.getByText("Complete").waitFor();
  assertEquals(
    await page.evaluate(() => (globalThis as { stays?: boolean }).stays),
    true,
  );
  const links = page.locator(".node-links");
  await links.nth(1).getByRole("link", { name: "model" }).waitFor();
  await links.nth(0).getByRole("link", { name: "digits" }).click();
  await page.getByRole("heading", { name: "digits" }).waitFor();
  assertEquals((await script.end()).code, 0);
  assertEquals(web.problems, []);
});
