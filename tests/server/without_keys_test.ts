import { assertEquals } from "@std/assert";
import { withoutKeys } from "../../src/server/without_keys.ts";

Deno.test("withoutKeys() leaves out keys and sessions, and nothing else", () => {
  const key = "e4ccd2a3-3425-44b0-8b44-148bd303a0f9";
  const table: [string, string][] = [
    [
      `Invalid URL: 'http://a b/x?node=${key}&apikey=${key}'`,
      `Invalid URL: 'http://a b/x?node=${key}&apikey=…'`,
    ],
    [`x?APIKEY=${key}&size=1`, "x?APIKEY=…&size=1"],
    [`x%3Fapikey%3D${key}`, "x%3Fapikey%3D…"],
    [`Authorization: Bearer ${key}\nx`, "Authorization: Bearer …\nx"],
    ["cookie: a=b; em_session=abc-_; c=d", "cookie: a=b; em_session=…; c=d"],
    [`node ${key} is missing`, `node ${key} is missing`],
  ];
  for (const [text, wanted] of table) assertEquals(withoutKeys(text), wanted);
});
