import { assert, assertEquals } from "@std/assert";
import { seriousFaults } from "./support/axe.ts";
import { makeNode } from "./support/node_files.ts";
import { openPages } from "./support/pages.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function manyLines(count: number): string {
  return Array.from(
    { length: count },
    (_, i) => `line ${i} ${"x".repeat(i % 150)}\n`,
  ).join("");
}

Deno.test("a long log opens at its end, is read backwards in parts, followed, and searched as a whole", async () => {
  await using web = await openPages();
  const { page, server } = web;
  const log = `a needle at the start\n${manyLines(200_000)}`;
  assert(log.length > 16_000_000);
  const id = await makeNode(server, {
    name: "run",
    type: "Run",
    files: { "stdout.log": log },
  });
  const read: number[] = [];
  page.on("response", (response) => {
    const length = response.headers()["content-length"];
    if (response.status() === 206) read.push(Number(length));
  });
  await web.goto(`#/folders/${id}/log`);
  const lines = page.getByRole("region", { name: "Log: Lines" });
  await lines.getByText("line 199999 ").waitFor();
  assert(
    read.reduce((a, b) => a + b, 0) < 257 * 1024,
    `only the end is read: ${read}`,
  );
  const shown = () => lines.locator(".text-line").count();
  assert(await shown() < 500, "only what is looked at is drawn");

  // What grows comes by itself, and stays in sight.
  let size = encode(log).length;
  const append = async (text: string) => {
    const source = encode(text);
    await server.client.appendObject("/demo/run/stdout.log", {
      source,
      offsetBytes: size,
    });
    size += source.length;
  };
  await append("a new line\n");
  await lines.getByText("a new line").waitFor();

  // Scrolling up reads what lies before, and what is looked at stays in its place.
  await lines.hover();
  const before = await page.locator(".log-tools .numeric").innerText();
  await lines.evaluate((element) => element.scrollTop = 200);
  await page.waitForFunction(
    (old) => document.querySelector(".log-tools .numeric")?.textContent !== old,
    before,
  );
  assert(await lines.evaluate((element) => element.scrollTop) > 1000);
  assertEquals(
    await page.getByRole("button", { name: "Follow" })
      .getAttribute("aria-pressed"),
    "false",
  );
  const place = await lines.evaluate((element) => element.scrollTop);
  await append("unseen\n");
  await page.waitForFunction(
    (wanted) =>
      document.querySelector(".log-tools")?.textContent?.includes(wanted),
    "of 16",
  );
  assertEquals(await lines.evaluate((element) => element.scrollTop), place);

  // The whole is searched in ranges; what is found is shown at its place, which stands in the address.
  await page.getByLabel("Search the loaded lines").fill("NEEDLE");
  await page.getByRole("button", { name: "Search the whole log" }).click();
  await page.locator(".hits").getByText("a needle").click();
  await lines.locator(".text-line.current", { hasText: "a needle" }).waitFor();
  assert(page.url().includes("at=0"), page.url());
  assertEquals(await lines.locator(".mark").first().innerText(), "needle");
  await page.reload();
  await lines.locator(".text-line.current", { hasText: "a needle" }).waitFor();
  await page.getByRole("button", { name: "Follow" }).click();
  await lines.getByText("unseen").waitFor();
  assertEquals(await seriousFaults(page), []);
  assertEquals(web.problems, []);
});

Deno.test("what a hostile program prints is text, and a line of 10 MB holds nothing up", async () => {
  await using web = await openPages();
  const { page, server } = web;
  const hostile = [
    "<script>globalThis.hacked = 1</script><img src=x onerror='hacked=1'>",
    "\x1b]8;;javascript:hacked=1\x07link\x1b]8;;\x07 \x1b[2J\x1b[31mred\x1b[0m",
    "turned \u202Etxet\u202C end",
    " 10%|#         |\r 50%|#####     |\r100%|##########|",
    `long ${"y".repeat(10_000_000)} end of long`,
    "last",
  ].join("\n");
  const id = await makeNode(server, {
    name: "run",
    type: "Run",
    files: { "stdout.log": `${hostile}\n` },
  });
  await web.goto(`#/folders/${id}/log`);
  const lines = page.getByRole("region", { name: "Log: Lines" });
  await lines.getByText("last").waitFor();
  assert(await lines.getByRole("button", { name: /Show more/ }).count() > 0);
  await page.getByRole("button", { name: "To the start" }).click();
  await lines.getByText("<script>globalThis.hacked").waitFor();
  const all = await lines.innerText();
  assert(all.includes("␛]8;;javascript:"), all.slice(0, 500));
  assert(all.includes("turned U+202Etxet"), all.slice(0, 500));
  assert(all.includes("100%|##########|"));
  assert(!all.includes("50%"), "only the last state of a progress bar");
  await lines.locator(".ansi-red", { hasText: "red" }).waitFor();
  const more = lines.getByRole("button", { name: /Show more/ }).first();
  const long = lines.locator(".text-line", { hasText: "long y" });
  const length = (await long.innerText()).length;
  assert(length < 10_000);
  await more.click();
  await page.waitForFunction(
    (length) =>
      [...document.querySelectorAll(".text-line")].some((line) =>
        (line.textContent?.length ?? 0) > length
      ),
    length * 2,
  );
  assertEquals(
    await page.evaluate(() => "hacked" in globalThis),
    false,
  );
  assertEquals(await lines.locator("img, script, a").count(), 0);
  assertEquals(web.problems, []);
});
