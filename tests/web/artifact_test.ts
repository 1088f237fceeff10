import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { filesOf } from "../support/em_server.ts";
import { runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { seriousFaults } from "./support/axe.ts";
import { fixtureDir, makeNode } from "./support/node_files.ts";
import { openPages } from "./support/pages.ts";

/** An artifact with files of all kinds. */
const SCRIPT = `
  import { createArtifact, upload } from "@t9k/em";
  const write = async (name, content) => {
    if (typeof content === "string") await Deno.writeTextFile(name, content);
    else await Deno.writeFile(name, content);
  };
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const files = {
    "README.md": "# Digits\\n<b>not bold</b>\\n",
    "facts.json": JSON.stringify({ classes: 10, names: ["zero", "one"], text: "1e-3", none: null }),
    "dot.png": Uint8Array.from(atob(png), (c) => c.charCodeAt(0)),
    "labels.csv": "image,label\\n0.png,7\\n\\"a,b\\",\\"say \\"\\"hi\\"\\"\\"\\n",
    "weights.bin": Uint8Array.from({ length: 9000 }, (_, i) => i % 256),
    "空 格.txt": "字",
    "empty": "",
  };
  const artifact = await createArtifact({ name: "digits", labels: ["dataset"], description: "Handwritten digits" });
  for (const [name, content] of Object.entries(files)) {
    await write(name, content);
    await artifact.addFile(name, "data/" + name);
  }
  await artifact.addReference("s3://bucket/original.zip", "raw/original.zip");
  await artifact.addReference("https://example.com/digits/", "raw/page");
  await upload(artifact.local, { folder: "data", makeFolder: true });
`;

Deno.test("an artifact shows its files of all kinds, its references and its documents, and is downloaded as one ZIP", async () => {
  await using web = await openPages();
  const { page, server } = web;
  using dir = tempDir();
  const config = join(dir.path, "t9k-config.yaml");
  Deno.writeTextFileSync(config, server.config);
  const { code, stderr } = await runScript(SCRIPT, {
    dir: dir.path,
    env: { T9K_CONFIG: config, T9K_CONFIG_CONTEXT: "" },
  });
  assertEquals(code, 0, stderr);
  const node = await server.client.node("/demo/data/digits");
  await web.goto(`#/folders/${node?.id}/`);
  await page.getByText("Handwritten digits").waitFor();
  await page.locator("main").getByRole("link", { name: "data", exact: true })
    .click();
  const preview = page.getByRole("region", { name: "Preview" });
  const open = async (name: string) => {
    await page.getByRole("link", { name, exact: true }).click();
    await preview.getByRole("heading", { name: `data/${name}` }).waitFor();
  };

  await open("facts.json");
  await preview.getByRole("row", { name: "text 1e-3 Copy text" }).waitFor();
  await preview.getByRole("button", { name: "Open names" }).click();
  await preview.getByText("zero").waitFor({ state: "detached" });
  assertEquals(await seriousFaults(page), []);

  await open("README.md");
  await preview.getByText("<b>not bold</b>").waitFor();
  assertEquals(
    await preview.locator(".line-number").allInnerTexts(),
    ["1", "2"],
  );
  await open("labels.csv");
  await preview.locator("td").nth(3).waitFor();
  assertEquals(
    await preview.locator("td").allInnerTexts(),
    ["0.png", "7", "a,b", 'say "hi"'],
  );
  await open("dot.png");
  const image = preview.getByRole("img", { name: "dot.png" });
  await image.waitFor();
  await page.waitForFunction(() =>
    document.querySelector<HTMLImageElement>(".preview img")?.naturalWidth === 1
  );
  await open("weights.bin");
  await preview.getByText("00000010  10 11 12 13").waitFor();
  await open("empty");
  await preview.getByText("The object is empty").waitFor();
  await open("空 格.txt");
  await preview.getByText("字", { exact: true }).waitFor();
  const one = page.waitForEvent("download");
  await preview.getByRole("link", { name: "Download" }).click();
  assertEquals((await one).suggestedFilename(), "空 格.txt");

  await page.getByRole("link", { name: "All files" }).click();
  await page.getByRole("link", { name: "references.yaml", exact: true })
    .click();
  const link = preview.getByRole("link", {
    name: "https://example.com/digits/",
  });
  assertEquals(await link.getAttribute("rel"), "noreferrer");
  await preview.getByText("s3://bucket/original.zip").waitFor();
  assertEquals(
    await preview.getByRole("link", { name: "s3://" }).count(),
    0,
    "only the web is linked",
  );
  await page.reload();
  await link.waitFor();

  await page.getByRole("link", { name: "Raw metadata" }).click();
  await page.getByText("kind: Artifact").waitFor();

  const whole = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download all" }).click();
  const download = await whole;
  assertEquals(download.suggestedFilename(), "digits.zip");
  const file = join(dir.path, "whole.zip");
  await download.saveAs(file);
  const { success } = await new Deno.Command("unzip", {
    args: ["-q", "-d", join(dir.path, "out"), file],
    env: { LC_ALL: "C.UTF-8" },
  }).output();
  assert(success);
  const keys = [...filesOf(join(dir.path, "out")).keys()].sort();
  const wanted = [...(await server.objects("/demo/data/digits")).keys()];
  assertEquals(keys, wanted.map((key) => `digits/${key}`).sort());
  assertEquals(web.problems, []);
});

Deno.test("an artifact of the Python SDK, a search, and nodes of other types have sensible pages", async () => {
  await using web = await openPages();
  const { page, server } = web;
  const python = await makeNode(server, {
    name: "python",
    type: "Artifact",
    files: fixtureDir("c08_artifacts/artifacts", "mnist_dataset"),
  });
  await web.goto(`#/folders/${python}/files?dir=b/data/`);
  await page.getByRole("link", { name: "空 格.txt", exact: true }).waitFor();
  await page.getByLabel("Search objects").fill("B.BIN");
  const rows = page.locator("tbody").getByRole("rowheader");
  await rows.nth(3).waitFor({ state: "detached" });
  assertEquals(await rows.allInnerTexts(), [
    "b/data/sub/b.bin",
    "c/d/b.bin",
    "data/sub/b.bin",
  ]);
  const tune = await makeNode(server, {
    name: "tune",
    type: "AutoTune",
    files: { "trials.json": "[]" },
  });
  await web.goto(`#/folders/${tune}/`);
  await page.getByRole("link", { name: "trials.json", exact: true }).waitFor();
  const model = await makeNode(server, { name: "m", type: "Model", files: {} });
  await web.goto(`#/folders/${model}/`);
  await page.getByRole("definition").getByText("Model").waitFor();
  assertEquals(
    await page.getByRole("link", { name: "Download all" }).count(),
    0,
  );
  assertEquals(web.problems, []);
});
