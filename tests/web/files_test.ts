import { assert, assertEquals } from "@std/assert";
import { makeNode } from "./support/node_files.ts";
import { openPages } from "./support/pages.ts";

Deno.test("names and contents of objects that want to do harm are text, whichever way they are looked at", async () => {
  await using web = await openPages();
  const { page, server } = web;
  const html =
    "<img src=x onerror='globalThis.hacked=1'><script>hacked=1</script>";
  const names = {
    "<img src=x onerror=hacked=1>.txt": html,
    "turned-\u202Egnp.js": html,
    "page.html": html,
    "picture.svg":
      `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="top.hacked=1"><script>top.hacked=1</script><foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="top.hacked=1"/></foreignObject></svg>`,
    "no.png": html,
    "data.json": JSON.stringify({
      [html]: html,
      __proto__: 1,
      "a\u202Eb": "c\u202Ed",
    }),
    "broken.json": `{"a": ${html}`,
    "table.csv": `${html},b\n"=1+1",${html}\n`,
    "long.txt": `${html}${"z".repeat(10_000_000)}`,
    "references.yaml": `a: "javascript:hacked=1"\nb: "data:text/html,${
      html.replaceAll('"', "")
    }"\nc: " https://example.com/\u202Ex"\n`,
  };
  const id = await makeNode(server, {
    name: "hostile",
    type: "Artifact",
    labels: [html.slice(0, 40)],
    description: `${html}\n\u202Eturned`,
    files: names,
  });
  const preview = page.getByRole("region", { name: "Preview" });
  for (const name of Object.keys(names)) {
    for (const view of ["", "text", "hex"]) {
      const params = new URLSearchParams({ file: name, view });
      await web.goto(`#/folders/${id}/files?${params}`);
      await preview.locator(".lines, .hex, table, img, [role=alert]").first()
        .waitFor();
    }
  }
  await page.locator(".node-description", { hasText: "U+202Eturned" })
    .waitFor();
  await page.getByRole("link", { name: "turned-U+202Egnp.js", exact: true })
    .waitFor();
  assertEquals(await page.evaluate(() => "hacked" in globalThis), false);
  const bad = await page.evaluate(() =>
    [...document.querySelectorAll(
      "#main script, #main iframe, #main object, #main a",
    )]
      .filter((element) => {
        if (element.tagName !== "A") return true;
        const { protocol } = new URL((element as HTMLAnchorElement).href);
        return !/^https?:$/.test(protocol);
      }).length
  );
  assertEquals(bad, 0);
  assertEquals(web.problems, []);
});

Deno.test("thousands of objects are listed without delay, in folders and by search", async () => {
  await using web = await openPages();
  const { page, server } = web;
  const id = await makeNode(server, {
    name: "many",
    type: "Artifact",
    files: { "template": "x" },
  });
  // Copies on the server: a request each would take long.
  const copy = async (from: string, to: string) => {
    const answer = await web.context.request.post(
      `${server.url}/apis/v1/objects/copy?apikey=${server.apiKey}`,
      { data: { from: `/demo/many/${from}`, to: `/demo/many/${to}` } },
    );
    if (!answer.ok()) throw new Error(await answer.text());
  };
  const pending = Array.from({ length: 1200 }, (_, i) => `d${i % 3}/f${i}`);
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let to = pending.pop(); to !== undefined; to = pending.pop()) {
      await copy("template", to);
    }
  }));
  await web.goto(`#/folders/${id}/`);
  await page.getByText("1201 objects").waitFor();
  await page.getByRole("link", { name: "d1", exact: true }).click();
  await page.getByText("400 objects").waitFor();
  const rows = page.locator("tbody tr");
  assertEquals(await rows.count(), 200);
  await page.getByRole("button", { name: "Show more" }).click();
  await rows.nth(399).waitFor();
  await page.getByLabel("Search objects").fill("f111");
  await page.getByText("11 objects").waitFor();
  assertEquals(
    (await rows.first().getByRole("rowheader").innerText()).trim(),
    "d0/f111",
  );
  assert(page.url().includes("q=f111"));
  assertEquals(web.problems, []);
});
