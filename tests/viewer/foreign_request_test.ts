import { assertEquals } from "@std/assert";
import { foreignRequest } from "../../src/viewer/foreign_request.ts";

const status = (
  url: string,
  { headers = {}, hostname = "127.0.0.1" }: {
    readonly headers?: Record<string, string>;
    readonly hostname?: string;
  } = {},
) => foreignRequest(new Request(url, { headers }), hostname)?.status;

Deno.test("foreignRequest() refuses every name that somebody else may have made lead here", () => {
  const own = [
    "http://127.0.0.1:5858/",
    "http://127.0.0.1:9000/",
    "http://localhost:5858/",
    "http://em.localhost:5858/",
    "http://[::1]:5858/",
    "http://192.168.1.2:5858/",
  ];
  for (const url of own) assertEquals(status(url), undefined, url);
  const others = [
    "http://evil.example:5858/",
    "http://localhost.evil.example:5858/",
    "http://127.0.0.1.evil.example/",
    "http://evil/",
    "http://notlocalhost/",
  ];
  for (const url of others) assertEquals(status(url), 403, url);
  // The name that it was told to listen on is its own.
  const named = { hostname: "GPU1.lab.example" };
  assertEquals(status("http://gpu1.lab.example:5858/", named), undefined);
  assertEquals(status("http://gpu2.lab.example:5858/", named), 403);
});

Deno.test("foreignRequest() lets pages of other sites lead here, and nothing else", () => {
  const url = "http://127.0.0.1:5858/t9k/em/web/";
  const cases: [Record<string, string>, number | undefined][] = [
    [{}, undefined],
    [{ "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }, undefined],
    [{ "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }, undefined],
    [
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
      undefined,
    ],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, 403],
    [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
  ];
  for (const [headers, wanted] of cases) {
    assertEquals(status(url, { headers }), wanted, JSON.stringify(headers));
  }
});
