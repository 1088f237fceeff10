import { assertEquals } from "@std/assert";
import { uploadsOf } from "../../../../../src/web/pages/run/overview/uploads.ts";

Deno.test("uploadsOf() names each place once, the last one first, and takes nothing for a place that is none", () => {
  const record = (path: string, timestamp?: string, action = "upload") => ({
    action,
    host: "https://h",
    path,
    timestamp,
  });
  const remote = [
    record("/a", "2026-11-23T08:00:00+00:00"),
    record("/b"),
    record("/a", "2026-11-23T09:00:00+00:00"),
    record("/c", undefined, "download"),
    { action: "upload", host: 5 },
    null,
    "text",
  ];
  assertEquals(uploadsOf({ remote }), [
    { host: "https://h", path: "/a", atMs: Date.UTC(2026, 10, 23, 9) },
    { host: "https://h", path: "/b", atMs: undefined },
  ]);
  for (const odd of [null, undefined, "text", [], {}, { remote: 7 }]) {
    assertEquals(uploadsOf(odd), []);
  }
});
