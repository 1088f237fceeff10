import { assertEquals, assertStringIncludes } from "@std/assert";
import { openFixture } from "./support/fixture.ts";

const WEB_POLICY =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; object-src 'none'; base-uri 'none'; " +
  "form-action 'self'; frame-ancestors 'none'";

Deno.test("every answer below the console's address forbids foreign scripts and frames", async () => {
  using server = openFixture();
  for (
    const what of [
      "GET /../../em/web",
      "GET /../../em/web/",
      "GET /../../em/web/a/b.js",
      "GET /../../em/web/session",
      "POST /../../em/web/session",
      "PUT /../../em/web/nothing",
    ]
  ) {
    const answer = await server.call(what, { user: null });
    await answer.body?.cancel();
    const { headers } = answer;
    assertEquals(headers.get("content-security-policy"), WEB_POLICY, what);
    assertEquals(headers.get("x-frame-options"), "DENY", what);
    assertEquals(headers.get("x-content-type-options"), "nosniff", what);
    assertEquals(headers.get("referrer-policy"), "same-origin", what);
    assertEquals(headers.get("cross-origin-opener-policy"), "same-origin");
  }
});

Deno.test("no answer of the API can run as a page, errors included", async () => {
  using server = openFixture();
  for (
    const what of [
      "GET /oauth2/userinfo",
      "GET /apis/v1/nodes/info?node=/demo/<script>",
      "GET /nothing",
    ]
  ) {
    const answer = await server.call(what);
    await answer.body?.cancel();
    const policy = answer.headers.get("content-security-policy") ?? "";
    assertStringIncludes(policy, "sandbox", what);
    assertEquals(answer.headers.get("x-content-type-options"), "nosniff");
    assertEquals(
      answer.headers.get("cross-origin-resource-policy"),
      "same-origin",
    );
  }
});

Deno.test("an object is shown in a browser only where it cannot hold a script, and is saved otherwise", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const table: [key: string, type: string, disposition: string][] = [
    ["a.html", "text/html", "attachment"],
    ["a.svg", "image/svg+xml", "attachment"],
    ["a.xml", "application/xml", "attachment"],
    ["a.xhtml", "application/xhtml+xml", "attachment"],
    ["a.pdf", "application/pdf", "attachment"],
    ["a.js", "text/javascript", "attachment"],
    ["a.bin", "application/octet-stream", "attachment"],
    ["a.odd", "Text/HTML; charset=utf-7", "attachment"],
    ["a.none", "", "attachment"],
    ["a.txt", "text/plain", "inline"],
    ["a.png", "image/png", "inline"],
    ["a.PNG", "IMAGE/PNG", "inline"],
    ["a.json", "application/json", "inline"],
  ];
  for (const [key, type, disposition] of table) {
    const path = `/demo/run/d/${key}`;
    const body = new FormData();
    body.append("content", new File(["<script>"], key, { type }));
    const put = await server.call("POST /apis/v1/objects", {
      query: { path },
      body,
    });
    await put.body?.cancel();
    const answer = await server.call("GET /apis/v1/objects", {
      query: { path },
    });
    assertEquals(await answer.text(), "<script>", key);
    const { headers } = answer;
    assertEquals(
      headers.get("content-disposition"),
      `${disposition}; filename="${key}"; filename*=UTF-8''${key}`,
    );
    assertEquals(headers.get("x-content-type-options"), "nosniff", key);
    assertEquals(
      headers.get("content-security-policy"),
      "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'",
      key,
    );
  }
});

Deno.test("the name under which an object is saved is its own, whatever stands in it", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const plain = "/demo/run/é \"; x=中'(1)*.bin";
  await server.put(plain, "x");
  const answer = await server.call("GET /apis/v1/objects", {
    query: { path: plain },
  });
  assertEquals(await answer.text(), "x");
  assertEquals(
    answer.headers.get("content-disposition"),
    `attachment; filename="_ __ x=_'(1)*.bin"; filename*=UTF-8''%C3%A9%20%22%3B%20x%3D%E4%B8%AD%27%281%29%2A.bin`,
  );
});
