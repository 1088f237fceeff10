import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { startViewer } from "../../src/viewer/start_viewer.ts";
import { startBrowser } from "../support/browser.ts";
import { startLive } from "../support/live_script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { copyFixture } from "../viewer/support.ts";

Deno.test("the pages show a local directory: runs as they are, live, and nothing that would change them", async () => {
  using dir = tempDir();
  const em = join(dir.path, ".em");
  Deno.mkdirSync(em);
  copyFixture("c08_artifacts", em);
  await using viewer = await startViewer({ dir: dir.path, port: 0 });
  await using web = await startBrowser();
  const { page } = web;
  await page.goto(viewer.url);
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  await link("mnist_torch_261123_082118_6fauz3").waitFor();
  await page.locator(".bar").getByText("local").waitFor();
  assertEquals(
    await page.getByRole("button", { name: /New folder|Delete|Move/ }).count(),
    0,
  );

  // A run that begins now comes by itself, with its points.
  const script = startLive(
    `
    const run = await createRun({ name: "live" });
    log(run);
    say("READY");
    for (const word of ["one", "two"]) {
      await told(word);
      log(run);
    }
    await end(run);
    `,
    { dir: dir.path, config: "" },
  );
  await script.heard("READY");
  const live = page.getByRole("link", { name: /^live_/ });
  await live.waitFor();
  await page.getByRole("row").filter({ has: live }).getByText("Running")
    .waitFor();
  await live.click();
  await page.locator(".tabs").getByText("Metrics").click();
  const points = (count: number) =>
    page.locator(`.chart-box[data-points="${count}"]`).waitFor();
  await points(1);
  script.tell("one");
  await points(2);
  script.tell("two");
  await points(3);
  await page.locator(".status", { hasText: "Complete" }).waitFor();
  await script.end();
  assertEquals(web.problems, []);
});

Deno.test("on a phone the tree lies over the page, and makes room for what is chosen in it", async () => {
  using dir = tempDir();
  const em = join(dir.path, ".em");
  Deno.mkdirSync(em);
  copyFixture("c08_artifacts", em);
  await using viewer = await startViewer({ dir: dir.path, port: 0 });
  await using web = await startBrowser({
    viewport: { width: 375, height: 720 },
  });
  const { page } = web;
  await page.goto(viewer.url);
  const tree = page.getByRole("navigation", { name: "Folders" });
  await page.getByRole("link", { name: /^mnist_torch_/ }).first().waitFor();
  assertEquals(await tree.isVisible(), false);
  await page.getByRole("button", { name: "Navigation" }).click();
  await tree.waitFor();
  await tree.getByText("artifacts").click();
  await page.getByRole("heading", { name: "artifacts" }).waitFor();
  await tree.waitFor({ state: "hidden" });
  assertEquals(
    await page.evaluate(() =>
      document.documentElement.scrollWidth <= innerWidth
    ),
    true,
    "the page is not wider than the phone",
  );
  assertEquals(web.problems, []);
});
