import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  checkApiKey,
  normalizeHost,
  requireNetPermission,
} from "../../src/aistore/host.ts";
import { PermissionError } from "../../src/errors.ts";

Deno.test("normalizeHost() strips trailing slashes and refuses what is no server's address", () => {
  const good = [
    [
      "https://t9k.example.com/t9k/aistore/server",
      "https://t9k.example.com/t9k/aistore/server",
    ],
    [
      "https://t9k.example.com/t9k/aistore/server//",
      "https://t9k.example.com/t9k/aistore/server",
    ],
    ["http://127.0.0.1:8000/", "http://127.0.0.1:8000"],
    ["http://[::1]:8000", "http://[::1]:8000"],
  ];
  for (const [host = "", wanted] of good) {
    assertEquals(normalizeHost(host), wanted);
  }
  const bad = [
    "",
    "t9k.example.com",
    "ftp://t9k.example.com",
    "file:///etc",
    "http://",
    "https://t9k.example.com/?apikey=secret",
    "https://demo:secret@t9k.example.com",
    "https://t9k.example.com/#secret",
    7 as unknown as string,
  ];
  for (const host of bad) {
    const { message } = assertThrows(
      () => normalizeHost(host),
      TypeError,
      "it must be an address such as",
    );
    assert(!message.includes("secret"), message);
  }
});

Deno.test("checkApiKey() wants a UUID in lower case and never repeats what it got", () => {
  const key = "e4ccd2a3-3425-44b0-8b44-148bd303a0f9";
  assertEquals(checkApiKey(key), key);
  for (
    const bad of [
      key.toUpperCase(),
      `${key} `,
      key.slice(1),
      "x",
      7 as unknown as string,
    ]
  ) {
    const { message } = assertThrows(
      () => checkApiKey(bad),
      TypeError,
      "UUID in lower-case",
    );
    assert(
      !message.includes(`${bad}`.trim() === "x" ? '"x"' : `${bad}`),
      message,
    );
  }
});

Deno.test({
  name: "requireNetPermission() names the flag of exactly this server",
  permissions: { net: ["127.0.0.1:8000", "t9k.example.com"] },
  fn() {
    requireNetPermission("http://127.0.0.1:8000/t9k/aistore/server");
    requireNetPermission("https://t9k.example.com/t9k/aistore/server");
    const table = [
      ["http://127.0.0.1:8001/t9k", "--allow-net=127.0.0.1:8001"],
      ["https://other.example.com/t9k", "--allow-net=other.example.com:443"],
      ["http://[::1]/t9k", "--allow-net=[::1]:80"],
    ];
    for (const [host = "", flag = ""] of table) {
      const { message } = assertThrows(
        () => requireNetPermission(host),
        PermissionError,
      );
      assertStringIncludes(message, flag);
    }
  },
});
