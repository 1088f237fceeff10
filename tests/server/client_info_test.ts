import { assertEquals } from "@std/assert";
import { clientOf } from "../../src/server/client_info.ts";

const plain = { remoteAddress: "10.0.0.9", trustProxy: false };

function ask(
  headers: Record<string, string>,
  more: {
    remoteAddress?: string;
    trustProxy?: boolean;
    publicUrl?: string;
    url?: string;
  } = {},
) {
  const { publicUrl, url = "http://internal:5757/x", ...rest } = more;
  return clientOf(
    new Request(url, { headers: { host: "internal:5757", ...headers } }),
    {
      ...plain,
      ...rest,
      publicUrl: publicUrl === undefined ? undefined : new URL(publicUrl),
    },
  );
}

const FORWARDED = {
  "x-forwarded-for": "1.1.1.1, 2.2.2.2",
  "x-forwarded-proto": "https",
  "x-forwarded-host": "Lab.example.org",
};

Deno.test("clientOf() believes X-Forwarded headers only where the proxy is trusted, and then its own entry", () => {
  assertEquals(ask(FORWARDED), {
    address: "10.0.0.9",
    secure: false,
    hosts: ["internal:5757"],
  });
  assertEquals(ask(FORWARDED, { trustProxy: true }), {
    address: "2.2.2.2",
    secure: true,
    hosts: ["lab.example.org", "internal:5757"],
  });
  assertEquals(ask({}, { trustProxy: true }).address, "10.0.0.9");
  const list = { "x-forwarded-proto": "https, http" };
  assertEquals(ask(list, { trustProxy: true }).secure, false);
});

Deno.test("clientOf() takes a connection for safe with TLS of its own or a public address with it", () => {
  assertEquals(ask({}, { url: "https://internal/x" }).secure, true);
  assertEquals(ask({}, { publicUrl: "https://lab.example.org/em" }), {
    address: "10.0.0.9",
    secure: true,
    hosts: ["lab.example.org", "internal:5757"],
  });
  assertEquals(ask({}, { publicUrl: "http://lab.example.org" }).secure, false);
});

Deno.test("clientOf() knows clients by their network", () => {
  const table: [string, string][] = [
    ["192.0.2.7", "192.0.2.7"],
    ["192.0.2.7:4711", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["::1", "0:0:0:0"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:DB8:1:2::9", "2001:db8:1:2"],
    ["[2001:db8::9]:4711", "2001:db8:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["unknown", "unknown"],
    ["x".repeat(1000), "x".repeat(64)],
  ];
  for (const [remoteAddress, address] of table) {
    assertEquals(ask({}, { remoteAddress }).address, address, remoteAddress);
  }
});
