import { assertEquals } from "@std/assert";
import { openPages } from "./support/pages.ts";

Deno.test("a person signs in with a key, sees their folder, and signs out", async () => {
  await using web = await openPages({ signIn: false });
  const { page, server } = web;
  await page.getByLabel("API key").fill("00000000-0000-4000-8000-000000000000");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").filter({ hasText: "not found" }).waitFor();
  await page.getByLabel("API key").fill(server.apiKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "demo" }).waitFor();
  assertEquals(
    await page.evaluate(() => document.cookie),
    "",
    "no script may read the session",
  );
  await page.reload();
  await page.getByRole("heading", { name: "demo" }).waitFor();
  await page.getByRole("button", { name: "User" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("API key").waitFor();
  // The refused key is a failed request, which browsers note.
  assertEquals(web.problems.length, 1, web.problems.join("\n"));
});

Deno.test("language and appearance change at once and are remembered", async () => {
  await using web = await openPages();
  const { page } = web;
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitemradio", { name: "中文" }).click();
  await page.getByText("分享给我的").waitFor();
  await page.getByRole("button", { name: "外观" }).click();
  await page.getByRole("menuitemradio", { name: "深色" }).click();
  await page.reload();
  await page.getByText("分享给我的").waitFor();
  assertEquals(
    await page.evaluate(() => {
      const { lang, dataset } = document.documentElement;
      return [lang, dataset["theme"]];
    }),
    ["zh-CN", "dark"],
  );
  assertEquals(web.problems, []);
});
