import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
} from "@std/assert";
import { seriousFaults } from "./support/axe.ts";
import { trainScript } from "./support/compared_runs.ts";
import { openPages } from "./support/pages.ts";

Deno.test("dataflow is shown as a graph that leads on", async (t) => {
  await using web = await openPages();
  const { page, server } = web;
  await trainScript(
    server,
    `const place = { folder: "flow", makeFolder: true, autoUpload: true };
     await Deno.writeTextFile("a.txt", "a");
     const artifact = async (name) => {
       const made = await createArtifact({ name });
       await made.addFile("a.txt");
       return made;
     };
     const data = await artifact("digits");
     const model = await artifact("model");
     const train = await createRun({ name: "train", ...place });
     train.markInput(data);
     train.markOutput(model);
     await train.finish();
     const test = await createRun({ name: "test", ...place });
     test.markInput(model);
     await test.finish();
     const alone = await createRun({ name: "alone", ...place });
     await alone.finish();`,
  );
  const id = async (name: string): Promise<string> =>
    (await server.client.node(`/demo/flow/${name}`))?.id ?? "";
  const graph = page.getByRole("group", { name: /^Dataflow graph/ });
  const node = (name: string) =>
    graph.getByRole("link", { name: new RegExp(`^${name}, `) });

  await t.step(
    "nodes stand from left to right, the current one is marked, and say what is next to them",
    async () => {
      await web.goto(`#/folders/${await id("train")}/dataflow`);
      await node("train").waitFor();
      assertEquals(await graph.getByRole("link").count(), 4);
      const lefts = await Promise.all(
        ["digits", "train", "model", "test"].map(async (name) =>
          (await node(name).boundingBox())?.x ?? NaN
        ),
      );
      assertEquals(lefts, lefts.toSorted((a, b) => a - b));
      assertEquals(await node("train").getAttribute("aria-current"), "true");
      assertEquals(
        await node("model").getAttribute("aria-label"),
        "model, Artifact; inputs: train; outputs: test",
      );
      const list = (name: string) =>
        page.getByRole("region", { name }).getByRole("link").allTextContents();
      assertEquals(await list("Inputs"), ["digits"]);
      assertEquals(await list("Outputs"), ["model"]);
      assertEquals(await seriousFaults(page), []);
    },
  );

  await t.step(
    "it is moved and scaled by buttons, keys and mouse, and a drag is no click",
    async () => {
      const place = async () =>
        (await node("model").boundingBox()) ?? undefined;
      const before = await place();
      await page.getByRole("button", { name: "Zoom in" }).click();
      const larger = await place();
      assertEquals((larger?.width ?? 0) > (before?.width ?? 0), true);
      await graph.focus();
      await page.keyboard.press("ArrowLeft");
      assertEquals(
        Math.round(((await place())?.x ?? 0) - (larger?.x ?? 0)),
        48,
      );
      const box = await node("model").boundingBox();
      const [x, y] = [(box?.x ?? 0) + 60, (box?.y ?? 0) + 20];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x - 40, y + 10);
      await page.mouse.move(x - 80, y + 20);
      await page.mouse.up();
      assertEquals(Math.round((await place())?.x ?? 0), Math.round(x - 140));
      await graph.focus();
      await page.keyboard.press("0");
      assertEquals(
        Math.round((await place())?.width ?? 0),
        Math.round(before?.width ?? 0),
      );
      await page.getByRole("heading", { name: "train" }).waitFor();
    },
  );

  await t.step("what is in sight stands in the address", async () => {
    await page.getByRole("button", { name: "Zoom in" }).click();
    await graph.focus();
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(() => location.hash.includes("flow="));
    const before = await node("model").boundingBox();
    await page.reload();
    await node("model").waitFor();
    const after = await node("model").boundingBox();
    for (const key of ["x", "width"] as const) {
      assertAlmostEquals(after?.[key] ?? 0, before?.[key] ?? 0, 2, key);
    }
  });

  await t.step(
    "a click, or Enter, leads to a node, whose dataflow is shown then",
    async () => {
      await node("model").click();
      await page.getByRole("heading", { name: "model" }).waitFor();
      assertStringIncludes(
        await page.evaluate(() => location.hash),
        await id("model"),
      );
      assert(
        !await page.evaluate(() => location.hash.includes("flow=")),
        "another node, another place",
      );
      await node("test").focus();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "test", exact: true }).waitFor();
      await page.locator(".flow-node[aria-current]", { hasText: "test" })
        .waitFor();
    },
  );

  await t.step(
    "an edge that is added appears; where there is none, the page says how to make one",
    async () => {
      await web.goto(`#/folders/${await id("alone")}/dataflow`);
      await page.getByText("run.markInput(dataset);").waitFor();
      const [from, to] = [await id("digits"), await id("alone")];
      await server.client.addEdges([{ from, to }]);
      await node("alone").waitFor();
      assertEquals(await graph.getByRole("link").count(), 5);
    },
  );

  assertEquals(web.problems, []);
});
