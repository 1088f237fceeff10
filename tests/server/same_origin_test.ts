import { assertEquals } from "@std/assert";
import { originOf } from "../../src/server/same_origin.ts";

Deno.test("originOf() tells this server's pages from those of others", () => {
  const client = {
    address: "x",
    secure: false,
    hosts: ["lab.example.org", "127.0.0.1:5757"],
  };
  const table: [Record<string, string>, string][] = [
    [{}, "unknown"],
    [{ "sec-fetch-site": "same-origin" }, "same"],
    [{ "sec-fetch-site": "same-site" }, "other"],
    [{ "sec-fetch-site": "cross-site" }, "other"],
    [{ "sec-fetch-site": "none" }, "other"],
    [{
      "sec-fetch-site": "cross-site",
      "origin": "https://lab.example.org",
    }, "other"],
    [{ "origin": "https://lab.example.org" }, "same"],
    [{ "origin": "http://127.0.0.1:5757" }, "same"],
    [{ "origin": "http://127.0.0.1:5758" }, "other"],
    [{ "origin": "https://evil.example" }, "other"],
    [{ "origin": "https://lab.example.org.evil.example" }, "other"],
    [{ "origin": "null" }, "other"],
    [{ "origin": "" }, "other"],
  ];
  for (const [headers, wanted] of table) {
    assertEquals(
      originOf(new Headers(headers), client),
      wanted,
      JSON.stringify(headers),
    );
  }
});
