import { assertEquals, assertMatch } from "@std/assert";
import { openFixture } from "../support/fixture.ts";

const WEB = "GET /../../em/web/";

Deno.test("the console's address, which clients print, shows the pages to anybody", async () => {
  using server = openFixture();
  const answer = await server.call(WEB, { user: null });
  const text = await answer.text();
  assertEquals(answer.status, 200);
  assertEquals(answer.headers.get("content-type"), "text/html; charset=utf-8");
  assertEquals(answer.headers.get("cache-control"), "no-cache");
  assertEquals(text.includes("<script>"), false);
  const files = [...text.matchAll(/(?:src|href)="([^"]+)"/g)]
    .map(([, file]) => file ?? "");
  assertEquals(files.length, 3, text);
  for (const file of files) {
    assertMatch(file, /^[\w.]+\?v=[0-9a-f]{12}$/);
    const found = await server.call(WEB + file, { user: null });
    assertEquals(found.status, 200, file);
    assertEquals(
      found.headers.get("cache-control"),
      "public, max-age=31536000, immutable",
    );
    assertEquals((await found.text()).length > 100, true, file);
  }
});

Deno.test("a page that a browser has is not sent again", async () => {
  using server = openFixture();
  const first = await server.call(WEB, { user: null });
  await first.body?.cancel();
  const again = await server.call(WEB, {
    user: null,
    headers: { "if-none-match": first.headers.get("etag") ?? "" },
  });
  assertEquals([again.status, await again.text()], [304, ""]);
});

Deno.test("what is no page is not found", async () => {
  using server = openFixture();
  for (const path of ["nothing", "a/b.js", "constructor", "index.htm"]) {
    const answer = await server.call(WEB + path, { user: null });
    assertEquals([answer.status, await answer.text()], [404, ""], path);
  }
});
