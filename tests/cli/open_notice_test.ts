import { assertEquals, assertStringIncludes } from "@std/assert";
import { openNotice, openViewNotice } from "../../src/cli/open_notice.ts";

const OWN = () => ["10.0.0.5", "192.168.1.2"];

Deno.test("openNotice() has nothing to say of addresses that only this machine can reach", () => {
  for (const hostname of ["127.0.0.1", "127.1.2.3", "localhost", "::1"]) {
    assertEquals(openNotice({ hostname, trustProxy: true }, OWN), []);
  }
});

Deno.test("openNotice() says who can reach the server, what can be read on the way, and whom it believes", () => {
  const [who = "", plain = "", proxy = ""] = openNotice({
    hostname: "0.0.0.0",
    trustProxy: true,
  }, OWN);
  assertStringIncludes(
    who,
    "whoever can reach this machine (10.0.0.5, 192.168.1.2) over the network",
  );
  assertStringIncludes(plain, "API keys and data can be read");
  assertStringIncludes(proxy, "let nobody but the proxy through");
  const tls = openNotice({ hostname: "10.0.0.5", tlsCert: "c.pem" }, OWN);
  assertEquals(tls.length, 1);
  assertStringIncludes(tls[0] ?? "", "listening on 10.0.0.5: ");
});

Deno.test("openViewNotice() says who can read without a key, and how to look from elsewhere alone", () => {
  for (const hostname of ["127.0.0.1", "localhost", "::1"]) {
    assertEquals(openViewNotice(hostname, OWN), []);
  }
  const [line = "", ...more] = openViewNotice("0.0.0.0", OWN);
  assertEquals(more, []);
  assertStringIncludes(line, "(10.0.0.5, 192.168.1.2)");
  assertStringIncludes(line, "without any key");
  assertStringIncludes(line, "ssh -L 5858:127.0.0.1:5858");
});
