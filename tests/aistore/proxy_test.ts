import { assertEquals } from "@std/assert";
import { proxyUse } from "../../src/aistore/proxy.ts";
import { Way, wayOf } from "../../src/aistore/way.ts";

const PROXY = "http://proxy.example.com:3128";

Deno.test("proxyUse() finds the proxy that fetch goes through, and where it does not", () => {
  const cases = [
    [{}, "http://em.example.com", "none"],
    [{ HTTP_PROXY: "" }, "http://em.example.com", "none"],
    [{ HTTP_PROXY: PROXY }, "http://em.example.com", "set"],
    [{ http_proxy: PROXY }, "http://em.example.com:81/x", "set"],
    [{ HTTP_PROXY: PROXY }, "https://em.example.com", "none"],
    [{ HTTPS_PROXY: PROXY }, "https://em.example.com", "set"],
    [{ https_proxy: PROXY }, "http://em.example.com", "none"],
    [{ ALL_PROXY: PROXY }, "http://em.example.com", "set"],
    [{ all_proxy: PROXY }, "https://em.example.com", "set"],
    [{ ALL_PROXY: PROXY, NO_PROXY: "*" }, "https://em.example.com", "none"],
    [
      { HTTP_PROXY: PROXY, NO_PROXY: "a.org, example.com" },
      "http://em.Example.com",
      "none",
    ],
    [
      { HTTP_PROXY: PROXY, no_proxy: ".example.com" },
      "http://em.example.com",
      "none",
    ],
    [
      { HTTP_PROXY: PROXY, no_proxy: "ample.com,," },
      "http://em.example.com",
      "set",
    ],
    [
      { HTTP_PROXY: PROXY, NO_PROXY: "127.0.0.1" },
      "http://127.0.0.1:99",
      "none",
    ],
    [{ HTTP_PROXY: PROXY, NO_PROXY: "::1" }, "http://[::1]:99", "none"],
  ] as const;
  for (const [env, url, wanted] of cases) {
    const values = new Map(Object.entries(env));
    assertEquals(
      proxyUse(new URL(url), (name) => values.get(name) ?? ""),
      wanted,
      `${JSON.stringify(env)} ${url}`,
    );
  }
});

Deno.test({
  name:
    "proxyUse() without leave to read the variables says so, and asks nobody",
  permissions: { env: ["HTTP_PROXY"] },
  fn() {
    assertEquals(proxyUse(new URL("http://em.example.com")), "unknown");
  },
});

Deno.test({
  name: "where nothing is known, the way that led to no answer is left",
  permissions: { env: false },
  fn() {
    const url = new URL("http://em.example.com");
    const way = new Way();
    assertEquals(way.isByFetch(url), false);
    way.blocked(false);
    assertEquals(way.isByFetch(url), true);
    way.blocked(true);
    assertEquals(way.isByFetch(url), false);
    assertEquals(wayOf("a") === wayOf("a") && wayOf("a") !== wayOf("b"), true);
  },
});
